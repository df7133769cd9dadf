import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toChecksum } from "../files/checksum.ts";
import { parseHeader } from "../files/header.ts";
import { parseFileName } from "../files/naming.ts";
import { isCommentOnly, splitStatements } from "../sql/split.ts";

/** A migration of Godwit's own tables. */
export interface OwnMigration {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
  readonly rollbackSql: string | undefined;
}

/** Reads the package's own `migrations/`, in order. */
export async function readOwnMigrations(): Promise<readonly OwnMigration[]> {
  const folder = join(packageFolder(), "migrations");
  const fileNames = (await readdir(folder)).toSorted();
  const migrations = await Promise.all(fileNames.map((fileName) => readOwnMigration(folder, fileName)));
  return migrations.filter((migration) => migration !== undefined);
}

async function readOwnMigration(folder: string, fileName: string): Promise<OwnMigration | undefined> {
  const parsed = parseFileName(fileName);
  if (parsed === undefined) return undefined;
  const text = await readFile(join(folder, fileName), "utf8");
  return {
    version: parsed.version,
    name: parsed.name,
    checksum: toChecksum(text),
    statements: splitStatements(text)
      .map((statement) => statement.text)
      .filter((statement) => !isCommentOnly(statement)),
    rollbackSql: parseHeader(text)?.rollbackSql,
  };
}

/** The package's root: two levels deeper in the sources than in the bundle, so it is looked for. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
