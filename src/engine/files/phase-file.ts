import { EngineError } from "../errors.ts";
import { renderKey, type Batching, type PhaseKey, type PhaseSource } from "../model/phase.ts";
import { toName } from "./naming.ts";
import { parseHeader } from "./header.ts";

const fileNamePattern = /^([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)_([a-z0-9]+(?:_[a-z0-9]+)*)\.sql$/;

/** The longest a phase's file name may be, in bytes. */
const longestName = 200;

/** Where a phase says nothing else; milliseconds. */
export const batchingDefaults = { batchSize: 1_000, pauseMs: 50, budgetMs: 2_000 } as const;

/** Number and name of a phase's file; undefined for other files. */
export function parsePhaseFileName(
  fileName: string,
): { readonly number: string; readonly name: string } | undefined {
  const match = fileName.length > longestName ? null : fileNamePattern.exec(fileName);
  const [, number = "", name = ""] = match ?? [];
  return match === null ? undefined : { number, name };
}

/** What the caller calls a phase: `1.2`, `1.2_move_orders` or the file's name. Throws `invalid_input`. */
export function parsePhase(given: string): { readonly number: string; readonly name: string | undefined } {
  const text = given.trim().replace(/\.sql$/i, "");
  const [number, rest] = splitOnce(text);
  if (!/^[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*$/.test(number) || number.length > 60) {
    throw new EngineError(
      "invalid_input",
      `phase: ${JSON.stringify(given.slice(0, 80))} is no phase; give its number, or number and name, such as "1.2_move_orders".`,
    );
  }
  const name = rest === undefined ? undefined : toName(rest);
  return { number, name: name === undefined || name === "" ? undefined : name };
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const at = text.search(/[_\s]/);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

export interface BatchingArguments {
  readonly key?: string | undefined;
  readonly batchSize?: number | undefined;
}

/** A phase as its text says it: the lines `-- Key:`, `-- Batch size:`, `-- Pause:` and `-- Budget:` above the SQL. Throws `invalid_input`. */
export function readPhase(fileName: string, sql: string): PhaseSource {
  const parts = parsePhaseFileName(fileName);
  if (parts === undefined) throw new EngineError("invalid_name", `${fileName} is no phase's file name.`);
  return {
    ...parts,
    fileName,
    sql,
    rollbackSql: parseHeader(sql).rollbackSql,
    batching: readBatching(fileName, sql),
  };
}

function readBatching(fileName: string, sql: string): Batching | undefined {
  const field = (label: string) => fieldOf(sql, label);
  const key = field("key");
  if (key === undefined) return undefined;
  const number = (label: string, fallback: number, least: number) => {
    const text = field(label);
    if (text === undefined) return fallback;
    const match = /^(\d{1,9})\s*(?:rows|ms)?$/.exec(text);
    const value = Number(match?.[1] ?? Number.NaN);
    if (value >= least) return value;
    throw new EngineError(
      "invalid_input",
      `${fileName}: the line "-- ${label}: …" takes a whole number of ${least} or more.`,
      { file: fileName },
    );
  };
  return {
    key: parseKey(key),
    batchSize: number("Batch size", batchingDefaults.batchSize, 1),
    pauseMs: number("Pause", batchingDefaults.pauseMs, 0),
    budgetMs: number("Budget", batchingDefaults.budgetMs, 100),
  };
}

/** The text of a line `-- Label: text` in the comments above the SQL. */
function fieldOf(sql: string, label: string): string | undefined {
  for (const line of sql.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const text = line.trim();
    if (text !== "" && !text.startsWith("--")) return undefined;
    const match = /^--[ \t]*([A-Za-z][A-Za-z ]*?)[ \t]*:[ \t]*(.*)$/.exec(text);
    if (match?.[1]?.toLowerCase() === label.toLowerCase()) return match[2]?.trim() || undefined;
  }
  return undefined;
}

/** `schema.table.column`, or `table.column` of the schema public; quoted where a name needs it. Throws `invalid_input`. */
export function parseKey(text: string): PhaseKey {
  const part = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)`;
  if (new RegExp(`^${part}(?:\\.${part}){1,2}$`).test(text)) {
    const parts = [...text.matchAll(new RegExp(part, "g"))].map(([name]) => unquote(name));
    const [schema, table, column] = parts.length === 2 ? ["public", ...parts] : parts;
    if (schema !== undefined && table !== undefined && column !== undefined) return { schema, table, column };
  }
  throw new EngineError(
    "invalid_input",
    `key: ${JSON.stringify(text.slice(0, 120))} is no column; write schema.table.column, such as public.orders.id.`,
  );
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

/** The text of a new phase's file: its header and the SQL as it was given (docs/formats.md, "Phases"). */
export function composePhase(
  phase: { readonly number: string; readonly name: string },
  given: { readonly sql: string; readonly batching: BatchingArguments; readonly date: Date },
): string {
  const { key, batchSize } = given.batching;
  const lines = [
    `-- Phase: ${phase.number} ${phase.name}`,
    `-- Date: ${given.date.toISOString().slice(0, 19)}Z`,
    ...(key === undefined ? [] : [`-- Key: ${renderKey(parseKey(key))}`]),
    ...(batchSize === undefined ? [] : [`-- Batch size: ${batchSize}`]),
  ];
  return `${lines.join("\n")}\n\n${given.sql.trimEnd()}\n`;
}
