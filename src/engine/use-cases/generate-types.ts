import { EngineError } from "../errors.ts";
import { writeOutput } from "../files/write-output.ts";
import type { GenerateTypesReport } from "../model/types-report.ts";
import type { Fence } from "../report/fence.ts";
import { firstPage } from "../report/page.ts";
import type { CallContext, GenerateTypesRequest } from "../requests.ts";
import { readSource } from "../typescript/read-source.ts";
import { replaceTypes } from "../typescript/replace-types.ts";
import type { SchemaSource } from "../typescript/schema-source.ts";
import { writeTypes } from "../typescript/write-types.ts";
import { assertWritable, newFence, openTarget, type EngineContext } from "./context.ts";

/** With the rest of the answer below 8 KB (docs/decisions/0007). */
const pageCharacters = 7_000;

/** Writes the TypeScript types of the live schema to a file, or answers them. Changes no database. */
export async function generateTypes(
  engine: EngineContext,
  { schemas: given, out, postgrestVersion, cursor }: GenerateTypesRequest,
  call: CallContext,
): Promise<GenerateTypesReport> {
  if (out !== undefined) assertOut(engine, out);
  const schemas = given === undefined || given.length === 0 ? ["public"] : [...new Set(given)];
  const database = await openTarget(engine, call);
  const source = await readSource(database, schemas);
  const fence = newFence();
  assertSchemas(schemas, source, fence);
  const types = writeTypes(source, postgrestVersion === undefined ? {} : { postgrestVersion });
  const known = { target: database.target.label, schemas, ...describeEmpty(source) };
  if (out === undefined) {
    const { summary, ...shown } = showTypes(types, { call, cursor, fence, source });
    return { summary, ...known, ...shown };
  }
  const { shownPath, outcome } = await writeOutput({
    projectDir: engine.projectDir,
    given: out,
    compose: (existing) => replaceTypes(existing, types),
  });
  const state = outcome === "written" ? `Wrote ${shownPath}` : `${shownPath} is up to date`;
  return { summary: `${state}: types of ${countRelations(source)}.`, ...known, file: shownPath, outcome };
}

function assertOut(engine: EngineContext, out: string): void {
  assertWritable(engine, "Writing types");
  if (/\.[cm]?ts$/.test(out)) return;
  throw new EngineError("invalid_input", `generate_types: out: ${JSON.stringify(out)} is not a .ts file.`);
}

function assertSchemas(schemas: readonly string[], source: SchemaSource, fence: Fence): void {
  const missing = schemas.filter((schema) => !source.schemas.includes(schema));
  if (missing.length === 0) return;
  const list = (names: readonly string[]) => names.map(fence.wrapName).join(", ");
  throw new EngineError(
    "invalid_input",
    `generate_types: There is no schema ${list(missing)}; there are ${list(source.existingSchemas.slice(0, 40))}.`,
  );
}

function describeEmpty(source: SchemaSource): Pick<GenerateTypesReport, "warnings"> {
  if (source.relations.length + source.functions.length > 0) return {};
  return { warnings: ["These schemas hold no tables, views or functions yet."] };
}

interface Shown {
  readonly call: CallContext;
  readonly cursor: string | undefined;
  readonly fence: Fence;
  readonly source: SchemaSource;
}

/** Agents get pages of lines; whoever takes answers whole gets the text. */
function showTypes(
  types: string,
  { call, cursor, fence, source }: Shown,
): Omit<GenerateTypesReport, "target" | "schemas"> {
  const summary = `Types of ${countRelations(source)}.`;
  const fenced = (text: string) => ({
    untrusted_begin: fence.begin,
    types: text,
    untrusted_end: fence.end,
  });
  if (call.answerSize === "whole") return { summary, ...fenced(types) };
  const lines = types.split(/(?<=\n)/);
  const page = firstPage(lines, { limit: lines.length, maxCharacters: pageCharacters, cursor });
  const toFile = 'generate_types { out: "src/database.types.ts" } writes all of it to a file.';
  if (page.nextCursor === undefined) return { summary, ...fenced(page.items.join("")), next_steps: [toFile] };
  return {
    summary: `${summary} ${page.items.length} of ${lines.length} lines.`,
    ...fenced(page.items.join("")),
    next_cursor: page.nextCursor,
    next_steps: [toFile, `generate_types { cursor: "${page.nextCursor}" } for more.`],
  };
}

function countRelations({ relations, functions }: SchemaSource): string {
  const count = (size: number, word: string) => `${size} ${word}${size === 1 ? "" : "s"}`;
  const views = relations.filter(({ kind }) => kind === "v" || kind === "m").length;
  return `${count(relations.length - views, "table")}, ${count(views, "view")} and ${count(functions.length, "function")}`;
}
