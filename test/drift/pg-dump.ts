import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Definitions by what they are of, such as `TABLE public.orders`; equal entries mean equal objects. */
export type Entries = ReadonlyMap<string, string>;

const run = promisify(execFile);

/** The path of a pg_dump that can read a server of this major, or undefined where none is installed. */
export async function findPgDump(major: number): Promise<string | undefined> {
  for (const path of candidates()) {
    const { stdout } = await run(path, ["--version"]).catch(() => ({ stdout: "" }));
    if (Number(/\) (\d+)/.exec(stdout)?.[1] ?? 0) >= major) return path;
  }
  return undefined;
}

/** One named by GODWIT_PG_DUMP, one fetched by fetch-pg-dump.sh, or the system's. */
function candidates(): readonly string[] {
  const debian = "/usr/lib/postgresql";
  const majors = existsSync(debian) ? readdirSync(debian).toSorted().toReversed() : [];
  return [
    process.env["GODWIT_PG_DUMP"] ?? "",
    join(import.meta.dirname, "../../.cache/postgresql-client/pg_dump"),
    ...majors.map((version) => join(debian, version, "bin/pg_dump")),
    ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "pg_dump")),
  ].filter((path) => path !== "" && existsSync(path));
}

/** The schema of a database as pg_dump writes it, without what does not count: the order of entries, columns and grants. */
export async function readDump(pgDump: string, url: string): Promise<Entries> {
  const { stdout } = await run(pgDump, ["--schema-only", "--no-sync", `--dbname=${url}`], {
    maxBuffer: 2 ** 28,
  });
  return parseDump(stdout);
}

const heading = /^--\n-- Name: (.*); Type: (.*); Schema: (.*); Owner: (.*)\n--\n\n/gm;

/** Reads pg_dump's plain text. */
export function parseDump(text: string): Entries {
  const headings = [...text.matchAll(heading)];
  const entries = new Map<string, string>();
  let accessMethod = readAccessMethod(text.slice(0, headings[0]?.index)) ?? "heap";
  for (const [index, match] of headings.entries()) {
    const [whole, name = "", type = "", schema = "", owner = ""] = match;
    const key = `${type} ${schema === "-" ? "" : `${schema}.`}${name}`;
    const body = text.slice(match.index + whole.length, headings[index + 1]?.index);
    const suffix =
      /TABLE|MATERIALIZED VIEW/.test(type) && accessMethod !== "heap" ? `\nusing ${accessMethod}` : "";
    const definition = `${normaliseBody(type, body)}${suffix}\nowner ${owner}`;
    entries.set(
      key,
      [entries.get(key), definition]
        .filter((part) => part !== undefined)
        .toSorted()
        .join("\n"),
    );
    accessMethod = readAccessMethod(body) ?? accessMethod;
  }
  return entries;
}

function readAccessMethod(text: string): string | undefined {
  return /^SET default_table_access_method = (.*);$/m.exec(text)?.[1];
}

// What stands between two entries follows the former's body: settings for the next one, and pg_dump's random token.
const betweenEntries =
  /^(SET default_table(space|_access_method) = .*;|\\(un)?restrict .*|-- PostgreSQL database dump complete|--)$/;

// The options of a relation or index, which the catalog keeps in the order of their setting.
const options = /\bWITH \(([\w."]+=(?:'[^']*'|[\w.]+)(?:, [\w."]+=(?:'[^']*'|[\w.]+))*)\)/g;

function normaliseBody(type: string, body: string): string {
  const lines = body
    .replace(options, (_whole, list: string) => `WITH (${list.split(", ").toSorted().join(", ")})`)
    .split("\n")
    .filter((line) => line !== "" && !betweenEntries.test(line));
  // A table's columns, and what is said of them one by one, come in the order of columns; grants in that of granting.
  const hasOrderedLines = !/^(FOREIGN )?TABLE$|ACL$/.test(type);
  return (hasOrderedLines ? lines : lines.map((line) => line.replace(/,$/, "")).toSorted()).join("\n");
}
