import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { toControlFile, toScripts } from "./extension-files.ts";
import type { ExtensionScript } from "./extension-files.ts";
import { standInExtensionTable } from "./extension-table.ts";
import { standInFolder } from "./folder.ts";

/** One file of the stand-in; sent whole, it runs or fails as one. */
export type StandInStatements = { readonly file: string; readonly sql: string };

/** The files of one extension that SQL stands in for. */
export type StandInExtension = {
  readonly name: string;
  readonly version: string;
  readonly controlFile: string;
  readonly scripts: readonly ExtensionScript[];
  /** Part of PostgreSQL: write it only where the server has none. */
  readonly isContrib: boolean;
};

/** The extensions that a fresh project has installed, with their schemas. */
export const preinstalledExtensions: readonly { readonly name: string; readonly schema: string }[] = [
  { name: "pg_stat_statements", schema: "extensions" },
  { name: "uuid-ossp", schema: "extensions" },
  { name: "pgcrypto", schema: "extensions" },
  { name: "supabase_vault", schema: "vault" },
  { name: "pg_graphql", schema: "graphql" },
];

/** The SQL that turns an empty database into the likeness of a fresh Supabase project, in the order to run it in, as a superuser. */
export const standInStatements = (): readonly StandInStatements[] => {
  const folder = new URL("schemas/", standInFolder());
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted()
    .map((file) => ({ file, sql: readFileSync(new URL(file, folder), "utf8") }));
};

/** Every extension that SQL stands in for, with the files that CREATE EXTENSION looks for. */
export const standInExtensions = (): readonly StandInExtension[] => {
  const folder = new URL("extensions/", standInFolder());
  return standInExtensionTable.map((facts) => ({
    name: facts.name,
    version: facts.version,
    controlFile: toControlFile(facts),
    scripts: toScripts(facts, readFileSync(new URL(`${facts.name}.sql`, folder), "utf8")),
    isContrib: facts.isContrib === true,
  }));
};

/** The SHA-256 of the whole stand-in, in hexadecimal: what is cached under it is as current as the stand-in itself. */
export const standInDigest = (): string =>
  createHash("sha256")
    .update(JSON.stringify([standInStatements(), standInExtensions()]))
    .digest("hex");
