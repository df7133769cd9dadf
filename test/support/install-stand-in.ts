import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  listPackagedBundles,
  readBundle,
  standInExtensions,
  standInStatements,
} from "../../src/engine/stand-in/index.ts";

type Server = {
  /** Runs SQL as a superuser in the database to fill; several statements are sent as one text. */
  readonly run: (sql: string) => Promise<unknown>;
  /** Where the server looks for `*.control`: `<share>/extension`. Written once for every database of the server. */
  readonly extensionFolder: string;
};

/** Makes the likeness of a fresh Supabase project in a database of a real server. */
export const installStandInOnServer = async ({ run, extensionFolder }: Server): Promise<void> => {
  writeServerExtensions(extensionFolder);
  for (const { sql } of standInStatements()) await run(sql);
};

/** Makes the stand-in extensions, pgmq and, where the server has none, vector known to CREATE EXTENSION; never touches one of the server's own. */
export const writeServerExtensions = (extensionFolder: string): void => {
  const write = (fileName: string, content: string | Uint8Array): void =>
    writeWhole(join(extensionFolder, fileName), content);
  for (const extension of standInExtensions().filter(({ isContrib }) => !isContrib)) {
    for (const { fileName, sql } of extension.scripts) write(fileName, sql);
    write(`${extension.name}.control`, extension.controlFile);
  }
  writePgmq(write);
  if (!hasOwnVector(extensionFolder)) writeVector(write);
};

type Write = (fileName: string, content: string | Uint8Array) => void;

// pgmq is SQL alone; on the platform postgres may install it, which its own control file leaves to superusers' helpers.
const writePgmq = (write: Write): void => {
  const bundle = listPackagedBundles().find((url) => url.pathname.endsWith("/pgmq.tar.gz"));
  if (bundle === undefined) return;
  for (const { path, content } of readBundle(bundle)) {
    if (/\.(sql|control)$/.test(path)) write(basename(path), content);
  }
};

const vectorMark = "stand-in for pgvector";

const hasOwnVector = (extensionFolder: string): boolean => {
  const control = join(extensionFolder, "vector.control");
  return existsSync(control) && !readFileSync(control, "utf8").includes(vectorMark);
};

const writeVector = (write: Write): void => {
  write("vector--0.8.0.sql", readFileSync(new URL("stand-in-vector.sql", import.meta.url)));
  for (const version of ["0.4.0", "0.4.4", "0.5.0", "0.5.1", "0.6.0", "0.7.0", "0.7.4"])
    write(`vector--0.8.0--${version}.sql`, "");
  write(
    "vector.control",
    `comment = '${vectorMark}'\ndefault_version = '0.8.0'\nrelocatable = false\nsuperuser = true\ntrusted = true\n`,
  );
};

// Several test files may write the same file at once: a rename is whole or not at all.
const writeWhole = (path: string, content: string | Uint8Array): void => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
};
