import { oddities } from "./random-oddities.ts";

/** A folder and a history in some disorder, made from a seed. */
export interface RandomProject {
  /** By path below the migrations folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links, with what they point at. */
  readonly links: Readonly<Record<string, string>>;
  readonly shape: "CLI" | "hosted" | "without key";
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

/** Each migration is in both, in one, or differs in version, name, text or form; some files and rows have nothing to do with any. */
export function randomProject(random: () => number): RandomProject {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const files: Record<string, string | Uint8Array> = {};
  const links: Record<string, string> = {};
  const shape = pick(["CLI", "hosted", "without key"] as const);
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
    const file = (fileVersion: string, fileName: string, sql: string | Uint8Array) =>
      void (files[`${fileVersion}_${fileName}.sql`] = sql);
    const row = (rowVersion: string, rowName: string | null, recorded: readonly string[] | null) =>
      void rows.set(rowVersion, { version: rowVersion, name: rowName, statements: recorded });
    const other = String(Number(version) + 5_000);
    const odd = random();
    if (odd < 0.25) {
      const { layIn } = pick(oddities);
      layIn({ index, version, name, text, statements, pick, file, row, files, links });
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
  const copies = shape === "without key" ? [...rows.values()].filter(() => random() < 0.2) : [];
  return { files, links, shape, rows: [...rows.values(), ...copies] };
}
