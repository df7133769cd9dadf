import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Two schemas by other projects: what is, and what shall be. */
export interface SchemaPair {
  /** True where a statement that the server refuses is left out of its side. */
  readonly isLenient?: true;
  /** `<source>/<case>`. */
  readonly name: string;
  readonly source: string;
  /** Both sides are equal on purpose. */
  readonly isIdentical: boolean;
  /** Runs once on the cluster, before both sides. */
  readonly roles: string | undefined;
  readonly sides: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/** Where the pairs lie, beside the checkout; read in place. */
export const schemaPairsFolder = join(import.meta.dirname, "../../../shared/data/schema-pairs");

/** The independent referee's query. */
export const catalogOracleFile = join(import.meta.dirname, "../../../shared/data/catalog-oracle.sql");

interface ManifestEntry {
  readonly source: string;
  readonly case: string;
  readonly loads: Readonly<Record<string, unknown>>;
  readonly identical: boolean;
}

/** Every pair that loads on PostgreSQL 17 by the manifest and whose name holds one of the comma-separated texts of `filter`. */
export function listSchemaPairs(filter = ""): readonly SchemaPair[] {
  const manifest: readonly ManifestEntry[] = JSON.parse(
    readFileSync(join(schemaPairsFolder, "manifest.json"), "utf8"),
  );
  const wanted = filter.split(",").filter((text) => text !== "");
  return manifest
    .filter(({ loads }) => loads["pg17"] === true)
    .filter((entry) => wanted.length === 0 || wanted.some((text) => nameOf(entry).includes(text)))
    .map(readPair);
}

function nameOf(entry: ManifestEntry): string {
  return `${entry.source}/${entry.case}`;
}

function readPair(entry: ManifestEntry): SchemaPair {
  const folder = join(schemaPairsFolder, entry.source, entry.case);
  const read = (file: string) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : undefined;
  const before = [read("prelude.sql"), read("setup.sql")];
  const side = (file: string) => [...before, read(file)].filter((text) => text !== undefined);
  return {
    name: nameOf(entry),
    source: entry.source,
    isIdentical: entry.identical,
    roles: read("roles.sql"),
    sides: { a: side("a.sql"), b: side("b.sql") },
  };
}
