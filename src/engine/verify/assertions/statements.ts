import * as z from "zod";
import { userStatement } from "../../database/sql.ts";
import { findOutsideEffect } from "../../effects/find-outside-effects.ts";
import { DatabaseError } from "../../errors.ts";
import type { Row } from "../../ports.ts";
import { classifyStatement } from "../../sql/classify.ts";
import { parseStatements } from "../../sql/parse.ts";
import { judgeReadOnlyQuery } from "../../sql/read-only.ts";
import { assertion, failed, passed, same, type Assertion, type Verdict, type World } from "../assertion.ts";

const query = z.strictObject({ query: z.string() });
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const rows = z.array(z.union([z.array(cell), z.record(z.string(), cell)]));
const withRows = query.extend({ rows });

/** Runs one query that only reads, and judges its rows. */
async function judgeRows(
  text: string,
  { run, catalog }: World,
  judge: (rows: readonly Row[]) => Verdict,
): Promise<Verdict> {
  if ((await judgeReadOnlyQuery(text)).kind !== "read")
    return failed("a statement that is not one query that only reads", "a query");
  const outside = await findOutside(text, catalog);
  if (outside !== undefined) return failed(`a query that ${outside}`, "one that a rollback takes back");
  const result = await run(userStatement(withoutEnd(text)));
  return judge(result.rows);
}

async function findOutside(text: string, catalog: World["catalog"]): Promise<string | undefined> {
  const parsed = await parseStatements(text);
  return parsed.kind === "parsed" ? findOutsideEffect(parsed.statements, catalog)?.what : undefined;
}

/** Cells as text, because a spec cannot say a number with more digits than its format has. */
function toCells(row: Row | readonly unknown[]): string {
  const values = Array.isArray(row) ? row : Object.values(row);
  return JSON.stringify(
    values.map((value: unknown) =>
      value === null ? null : typeof value === "object" ? JSON.stringify(value) : String(value),
    ),
  );
}

/** Rows given by name are put into the order of the result's columns. */
function expected(given: z.output<typeof rows>, have: readonly Row[]): readonly string[] {
  const columns = Object.keys(have[0] ?? {});
  return given.map((row) => {
    if (Array.isArray(row)) return toCells(row);
    const names = columns.length === 0 ? Object.keys(row) : columns;
    return toCells(names.map((name) => row[name] ?? null));
  });
}

/** Runs a statement that may change rows; what it does beyond the transaction is refused before it runs. */
async function tryStatement(text: string, world: World): Promise<"done" | Verdict | DatabaseError> {
  const parsed = await parseStatements(text);
  if (parsed.kind !== "parsed" || parsed.statements.length !== 1)
    return failed("a text that is not one statement", "one statement");
  const kinds = parsed.statements.map((statement) => classifyStatement(statement).kind);
  const isQuery = (await judgeReadOnlyQuery(text)).kind === "read";
  if (!isQuery && !kinds.every((kind) => kind === "write"))
    return failed(
      "a statement that is neither a query nor a change of rows",
      "SELECT, INSERT, UPDATE, DELETE or MERGE",
    );
  if (!isQuery && world.isReadOnly)
    return { kind: "skipped", note: "It would write, and this server is read-only." };
  const outside = findOutsideEffect(parsed.statements, world.catalog);
  if (outside !== undefined)
    return failed(`a statement that ${outside.what}`, "one that a rollback takes back");
  try {
    await world.run(userStatement(withoutEnd(text)));
    return "done";
  } catch (error) {
    if (error instanceof DatabaseError && !error.connectionLost) return error;
    throw error;
  }
}

function withoutEnd(text: string): string {
  return text.replace(/;\s*$/, "");
}

const throwing = z.strictObject({
  query: z.string(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** What queries answer, and which statements the database refuses. */
export const statementAssertions: Readonly<Record<string, Assertion>> = {
  results_eq: assertion(withRows, ({ query: text, rows: wanted }, world) =>
    judgeRows(text, world, (have) => same(have.map(toCells), expected(wanted, have))),
  ),
  set_eq: assertion(withRows, ({ query: text, rows: wanted }, world) =>
    judgeRows(text, world, (have) =>
      same([...new Set(have.map(toCells))].toSorted(), [...new Set(expected(wanted, have))].toSorted()),
    ),
  ),
  is_empty: assertion(
    query,
    ({ query: text }, world) =>
      judgeRows(text, world, (have) =>
        have.length === 0 ? passed : failed(have.length === 1 ? "1 row" : `${have.length} rows`, "no row"),
      ),
    "query",
  ),
  isnt_empty: assertion(
    query,
    ({ query: text }, world) =>
      judgeRows(text, world, (have) => (have.length > 0 ? passed : failed("no row", "a row at least"))),
    "query",
  ),
  row_count: assertion(query.extend({ eq: z.int().min(0) }), ({ query: text, eq }, world) =>
    judgeRows(text, world, (have) => same(have.length, eq)),
  ),
  throws_ok: assertion(throwing, async ({ query: text, code, message }, world) => {
    const outcome = await tryStatement(text, world);
    if (outcome === "done") return failed("no error", code ?? "an error");
    if (!(outcome instanceof DatabaseError)) return outcome;
    const { sqlstate, message: told } = outcome.fields;
    if (code !== undefined && code !== sqlstate) return failed(`${sqlstate}: ${told}`, code);
    return message !== undefined && !told.includes(message) ? failed(told, message) : passed;
  }),
  lives_ok: assertion(
    query,
    async ({ query: text }, world) => {
      const outcome = await tryStatement(text, world);
      if (outcome === "done") return passed;
      if (!(outcome instanceof DatabaseError)) return outcome;
      return failed(`${outcome.fields.sqlstate}: ${outcome.fields.message}`, "no error");
    },
    "query",
  ),
};
