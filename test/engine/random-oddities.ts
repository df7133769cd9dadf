/** What a state is laid out with, one migration at a time. */
export interface Laying {
  readonly index: number;
  readonly version: string;
  readonly name: string;
  readonly text: string;
  readonly statements: readonly string[];
  readonly pick: <T>(items: readonly T[]) => T;
  readonly file: (version: string, name: string, sql: string | Uint8Array) => void;
  readonly row: (version: string, name: string | null, statements: readonly string[] | null) => void;
  /** By path below the migrations folder. */
  readonly files: Record<string, string | Uint8Array>;
  /** Symbolic links by path, with what they point at. */
  readonly links: Record<string, string>;
}

interface Oddity {
  readonly layIn: (laying: Laying) => void;
}

/** The same SQL recorded twice, with one file for both. */
const recordedTwice: Oddity = {
  layIn: ({ version, name, text, statements, file, row }) => {
    row(version, name, statements);
    row(String(Number(version) + 7), name, statements);
    file(String(Number(version) + 3), name, text);
  },
};

/** A file that is no text, beside what was applied under its version. */
const noText: Oddity = {
  layIn: ({ version, name, statements, file, row, pick }) => {
    const bytes = pick<string | Uint8Array>([
      "select '\u0000';\n",
      "",
      "-- nothing\n",
      "\uFEFFselect 1;\n",
      Buffer.from("select 'caf\xe9';\n", "latin1"),
      Buffer.from("\uFEFFselect 1;\n", "utf16le"),
    ]);
    file(version, name, bytes);
    row(version, name, pick([statements, [], null]));
  },
};

/** Put aside by somebody, and still recorded. */
const putAside: Oddity = {
  layIn: ({ version, name, text, statements, row, files, pick }) => {
    files[`${pick(["archive", "_old", "old/2025"])}/${version}_${name}.sql`] = text;
    row(version, name, statements);
  },
};

/** Names and layouts of other tools. */
const otherTools: Oddity = {
  layIn: ({ index, name, text, file, row, statements, files, version, pick }) => {
    const bothWays = `-- migrate:up\n${text}\n-- migrate:down\ndrop table public.t${index};\n`;
    pick([
      () => file(String(index), name, text),
      () => (file(String(index), name, text), row(String(index), name, statements)),
      () => (file(String(index), name, text), row(version, name, statements)),
      () => (file(version, name, text), row(String(index), name, statements)),
      () => file(version, name, bothWays),
      () => (file(version, name, bothWays), row(version, name, pick([[bothWays], statements, null]))),
      () => (file(`00${index}`, name, bothWays), row(`00${index}`, name, [bothWays])),
      () => void (files[`${version}_${name}/migration.sql`] = text),
      () => void (files[`V${index}__${name}.sql`] = text),
      () => void (files[`${version}_${name}.SQL`] = text),
      () => void (files[`000${index}_x.down.sql`] = text),
      () => void (files[`rollback/${version}_${name}.sql`] = `drop table public.t${index};\n`),
    ])();
  },
};

/** Three files of one version, one of them applied under another name. */
const oneVersion: Oddity = {
  layIn: ({ version, name, text, statements, file, row }) => {
    file(version, `${name}_a`, text);
    file(version, `${name}_b`, text);
    file(version, `${name}_c`, `${text}select 'c';\n`);
    row(version, `${name}_d`, statements);
  },
};

/** A name that no file can have, or that differs from its file's in case alone. */
const oddName: Oddity = {
  layIn: ({ version, name, text, statements, row, file, pick }) => {
    const odd = pick(["x".repeat(300), "..", "../../x", "a\nb", " ", name.toUpperCase()]);
    if (odd !== "" && odd === name.toUpperCase()) file(version, name, text);
    row(version, odd, statements);
  },
};

/** The place in the archive is taken by another text. */
const placeTaken: Oddity = {
  layIn: ({ version, name, text, statements, file, files, row }) => {
    files[`archive/${version}_${name}.sql`] = "select 'archived by hand';\n";
    file(version, name, `${text}\nselect 'edited';\n`);
    row(version, name, statements);
  },
};

/** Links to a file, to nothing and to a folder, each where something would have to be done about it. */
const linked: Oddity = {
  layIn: ({ version, name, text, statements, row, file, files, links, pick }) => {
    files[`../shared/${name || "x"}.sql`] = text;
    const to = pick([`../shared/${name || "x"}.sql`, "nowhere.sql", "../shared"]);
    pick([
      () => void (links[`${version}_${name}.sql`] = to),
      () => ((links[`${version}_${name}.sql`] = to), row(version, `${name}_new`, statements)),
      () => ((links[`${version}_${name}.sql`] = to), row(version, name, ["select 'other'"])),
      () => ((links[`${version}_${name}_b.sql`] = to), file(version, name, text)),
      () => ((links[`${String(Number(version) + 9)}_${name}.sql`] = to), row(version, name, statements)),
    ])();
  },
};

/** What the Management API and the dashboard record: one element, no name; and what hands leave. */
const recordedOtherwise: Oddity = {
  layIn: ({ version, name, text, statements, row, file, pick }) => {
    file(version, name, text);
    row(version, pick([null, "", name]), pick([[text], ["", ...statements], [`${text}\n\n`], [";"]]));
  },
};

/** States that only some projects know. */
export const oddities: readonly Oddity[] = [
  recordedTwice,
  noText,
  putAside,
  otherTools,
  oneVersion,
  oddName,
  placeTaken,
  linked,
  recordedOtherwise,
];
