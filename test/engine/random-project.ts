/** A folder and a history in some disorder, made from a seed. */
export interface RandomProject {
  readonly files: Readonly<Record<string, string>>;
  readonly rows: readonly RandomRow[];
}

export interface RandomRow {
  readonly version: string;
  readonly name: string | null;
  readonly statements: readonly string[] | null;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Laying {
  readonly index: number;
  readonly version: string;
  readonly name: string;
  readonly text: string;
  readonly statements: readonly string[];
  readonly pick: <T>(items: readonly T[]) => T;
  readonly file: (version: string, name: string, sql: string) => void;
  readonly row: (version: string, name: string | null, statements: readonly string[] | null) => void;
  readonly files: Record<string, string>;
}

/** States that only some projects know. */
const oddities: readonly { readonly layIn: (laying: Laying) => void }[] = [
  // The same SQL recorded twice, with one file for both.
  {
    layIn: ({ version, name, text, statements, file, row }) => {
      row(version, name, statements);
      row(String(Number(version) + 7), name, statements);
      file(String(Number(version) + 3), name, text);
    },
  },
  // A file that is no text, beside what was applied under its version.
  {
    layIn: ({ version, name, statements, file, row, pick }) => {
      file(version, name, pick(["select '\u0000';\n", "", "-- nothing\n", "\uFEFFselect 1;\n"]));
      row(version, name, pick([statements, [], null]));
    },
  },
  // Put aside by somebody, and still recorded.
  {
    layIn: ({ version, name, text, statements, row, files, pick }) => {
      files[`${pick(["archive", "_old", "old/2025"])}/${version}_${name}.sql`] = text;
      row(version, name, statements);
    },
  },
  // Names and layouts of other tools.
  {
    layIn: ({ index, name, text, file, row, statements, files, version, pick }) => {
      pick([
        () => file(String(index), name, text),
        () => (file(String(index), name, text), row(String(index), name, statements)),
        () => file(version, name, `-- migrate:up\n${text}\n-- migrate:down\ndrop table public.t${index};\n`),
        () => void (files[`${version}_${name}/migration.sql`] = text),
        () => void (files[`V${index}__${name}.sql`] = text),
        () => void (files[`${version}_${name}.SQL`] = text),
        () => void (files[`000${index}_x.down.sql`] = text),
      ])();
    },
  },
  // Three files of one version, one of them applied under another name.
  {
    layIn: ({ version, name, text, statements, file, row }) => {
      file(version, `${name}_a`, text);
      file(version, `${name}_b`, text);
      file(version, `${name}_c`, `${text}select 'c';\n`);
      row(version, `${name}_d`, statements);
    },
  },
  // A name that no file can have.
  {
    layIn: ({ version, statements, row, pick }) =>
      row(version, pick(["x".repeat(300), "..", "../../x", "a\nb", " "]), statements),
  },
];

/** Each migration is in both, in one, or differs in version, name, text or form; some files and rows have nothing to do with any. */
export function randomProject(random: () => number): RandomProject {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const files: Record<string, string> = {};
  const rows = new Map<string, RandomRow>();
  const count = 3 + Math.floor(random() * 10);
  for (let index = 1; index <= count; index += 1) {
    const version = String(20260101000000 + index * pick([1, 10, 100]));
    const name = pick(["create_x", "Add Thing", "a.b", "ü", ""]) + String(index);
    const first = `create table public.t${index} (id int)`;
    const second = `comment on table public.t${index} is 'it''s ${index}; done'`;
    const text = pick([
      `${first};\n${second};\n`,
      `-- head\r\n${first};\r\n\r\n${second} -- tail\r\n`,
      `${first};${second}`,
    ]);
    const statements = pick([
      [first, second],
      [`${first};\n${second};`],
      [`${first} -- tail`, second, "-- end"],
    ]);
    const disorder = random();
    const file = (fileVersion: string, fileName: string, sql: string) =>
      void (files[`${fileVersion}_${fileName}.sql`] = sql);
    const row = (rowVersion: string, rowName: string | null, recorded: readonly string[] | null) =>
      void rows.set(rowVersion, { version: rowVersion, name: rowName, statements: recorded });
    const other = String(Number(version) + 5_000);
    const odd = random();
    if (odd < 0.25) {
      const { layIn } = pick(oddities);
      layIn({ index, version, name, text, statements, pick, file, row, files });
      continue;
    }
    if (disorder < 0.15) {
      row(version, pick([name, null, "a/b", `x"y`]), statements);
    } else if (disorder < 0.3) {
      file(version, name, text);
    } else if (disorder < 0.45) {
      file(other, name, text);
      row(version, name, statements);
    } else if (disorder < 0.55) {
      file(version, `${name}_new`, text);
      row(version, name, statements);
    } else if (disorder < 0.65) {
      file(version, name, `${text}\nselect 'edited';\n`);
      row(version, name, statements);
    } else if (disorder < 0.72) {
      file(version, name, text);
      file(version, `${name}_b`, pick([text, "select 'b';\n"]));
    } else if (disorder < 0.78) {
      row(version, name, pick([null, []]));
    } else if (disorder < 0.84) {
      row(pick([`by hand ${index}`, `9${"9".repeat(20)}${index}`, `${index}`]), name, statements);
    } else {
      file(version, name, text);
      row(version, name, statements);
    }
  }
  if (random() < 0.3) files["notes.sql"] = "select 'notes';\n";
  if (random() < 0.3) files["archive/20250101000000_old.sql"] = "select 'old';\n";
  return { files, rows: [...rows.values()] };
}
