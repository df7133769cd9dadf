import { ident, joinSql, sql } from "../../database/sql.ts";
import { findOutsideEffect } from "../../effects/find-outside-effects.ts";
import { DatabaseError } from "../../errors.ts";
import type { Query } from "../../ports.ts";
import { parseStatements } from "../../sql/parse.ts";
import { assertion, failed, passed, type Assertion, type Verdict, type World } from "../assertion.ts";
import { findObject, parseName, partsOf, relationKinds } from "../names.ts";
import { probe, type Probe } from "../probe.ts";

/** What a role comes to: rows, nothing without an error, or a refusal. */
export type AccessOutcome =
  | { readonly kind: "rows"; readonly rows: number; readonly note?: string }
  | { readonly kind: "silence" }
  | { readonly kind: "refusal"; readonly message: string }
  | { readonly kind: "error"; readonly sqlstate: string; readonly message: string };

/** Silence and refusal are different verdicts: `cannot` takes both unless it says which. */
export const accessAssertions: Readonly<Record<string, Assertion>> = {
  can: access(({ expect = "rows" }, outcome) => judgeExpected(expect, outcome)),
  cannot: access(async ({ expect }, outcome) => {
    if (expect !== undefined) return judgeExpected(expect, outcome);
    if (outcome.kind === "refusal" || outcome.kind === "silence")
      return { kind: "passed", note: describeOutcome(outcome) };
    return failed(describeOutcome(outcome), "0 rows or 42501");
  }),
};

/** An assertion that also says what it tries, so that it can be tried in another way. */
function access(decide: Decide): Assertion {
  const { prepare } = assertion(probe, (args, world) => judge(args, world, decide));
  return {
    prepare: (given) => {
      const prepared = prepare(given);
      return "issues" in prepared ? prepared : { ...prepared, probe: probe.parse(given) };
    },
  };
}

type Decide = (args: Probe, outcome: AccessOutcome) => Verdict | Promise<Verdict>;

async function judge(args: Probe, world: World, decide: Decide): Promise<Verdict> {
  if (args.op !== "select" && world.isReadOnly)
    return { kind: "skipped", note: "It would write, and this server is read-only." };
  if (findObject(world.catalog, args.table, relationKinds) === undefined)
    return failed("no such table", args.table);
  const outside = await findOutside(args, world);
  if (outside !== undefined) return failed(`a probe that ${outside}`, "one that a rollback takes back");
  const outcome = await probeAccess(args, world);
  const verdict = await decide(args, outcome);
  if (verdict.kind !== "passed" || outcome.kind !== "silence") return verdict;
  return (await isThereAny(args, world))
    ? verdict
    : failed("no row for anybody, which proves nothing", "rows that exist (see seed)");
}

function judgeExpected(expect: NonNullable<Probe["expect"]>, outcome: AccessOutcome): Verdict {
  const want = expect === 42501 ? "42501" : expect;
  const have =
    outcome.kind === "rows"
      ? outcome.rows
      : outcome.kind === "silence"
        ? 0
        : outcome.kind === "refusal"
          ? "42501"
          : outcome.sqlstate;
  const isMet = want === "rows" ? outcome.kind === "rows" : have === want;
  if (!isMet) return failed(describeOutcome(outcome), want === "rows" ? "rows" : String(want));
  return outcome.kind === "rows" && outcome.note !== undefined
    ? { kind: "passed", note: outcome.note }
    : passed;
}

/** An outcome in a few words; may hold text of the database. */
export function describeOutcome(outcome: AccessOutcome): string {
  if (outcome.kind === "rows") return outcome.rows === 1 ? "1 row" : `${outcome.rows} rows`;
  if (outcome.kind === "silence") return "0 rows, without an error";
  return outcome.kind === "refusal" ? `42501: ${outcome.message}` : `${outcome.sqlstate}: ${outcome.message}`;
}

/** Does as PostgREST would for this role and token, and takes it back. The statement is always one that is made here. */
export async function probeAccess(args: Probe, world: World): Promise<AccessOutcome> {
  const { role, claims = {} } = args;
  try {
    await world.run(sql`
      select
        pg_catalog.set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true),
        pg_catalog.set_config('role', ${role}, true)`);
    const { rows, rowsAffected } = await world.run(toStatement(args, world));
    const count = args.op === "select" ? Number(rows[0]?.["rows"]) : rowsAffected;
    return count > 0 ? { kind: "rows", rows: count } : { kind: "silence" };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return toAccessOutcome(error.fields);
  } finally {
    await world.startAgain();
  }
}

/** A constraint speaks only after grants and policies have let the row pass. */
export function toAccessOutcome({
  sqlstate,
  message,
}: Pick<DatabaseError["fields"], "sqlstate" | "message">): AccessOutcome {
  if (sqlstate === "42501") return { kind: "refusal", message };
  if (sqlstate.startsWith("23"))
    return { kind: "rows", rows: 1, note: `Let through, and then a constraint refused it (${sqlstate}).` };
  return { kind: "error", sqlstate, message };
}

/** Whether Godwit's own role sees a row that is meant: only then does silence prove anything. */
export async function isThereAny(args: Probe, world: World): Promise<boolean> {
  if (args.op === "insert") return true;
  const { rows } = await world.run(select(args));
  await world.startAgain();
  return Number(rows[0]?.["rows"]) > 0;
}

async function findOutside(args: Probe, world: World): Promise<string | undefined> {
  const parsed = await parseStatements(toStatement(args, world).text);
  return parsed.kind === "parsed" ? findOutsideEffect(parsed.statements, world.catalog)?.what : undefined;
}

function toStatement(args: Probe, { catalog }: World): Query {
  const table = toTable(args.table);
  switch (args.op) {
    case "select":
      return select(args);
    case "insert":
      return toInsert(args.table, args.values ?? {});
    case "update": {
      const relation = findObject(catalog, args.table, relationKinds);
      const columns = relation === undefined ? [] : partsOf(catalog, relation, "column");
      const first = columns.find(
        ({ attributes }) => attributes["generated"] === undefined && attributes["identity"] !== "always",
      );
      const given = Object.entries(args.values ?? {});
      const set =
        given.length > 0
          ? given.map(([name, to]) => sql`${ident(name)} = ${toText(to)}`)
          : [sql`${ident(first?.id.name ?? "")} = ${ident(first?.id.name ?? "")}`];
      return sql`update ${table} set ${joinSql(set, ", ")}${where(args)}`;
    }
    case "delete":
      return sql`delete from ${table}${where(args)}`;
  }
}

/** One row of a table; used for seeds, too. */
export function toInsert(table: string, given: NonNullable<Probe["values"]>): Query {
  const entries = Object.entries(given);
  if (entries.length === 0) return sql`insert into ${toTable(table)} default values`;
  const names = entries.map(([name]) => sql`${ident(name)}`);
  const cells = entries.map(([, to]) => sql`${toText(to)}`);
  return sql`insert into ${toTable(table)} (${joinSql(names, ", ")}) values (${joinSql(cells, ", ")})`;
}

function select(args: Probe): Query {
  return sql`select count(*)::int as rows from (select from ${toTable(args.table)}${where(args)}) probed`;
}

function where({ where: conditions = {} }: Probe): Query {
  const parts = Object.entries(conditions).map(([name, is]) =>
    is === null ? sql`${ident(name)} is null` : sql`${ident(name)} = ${toText(is)}`,
  );
  return parts.length === 0 ? sql`` : sql` where ${joinSql(parts, " and ")}`;
}

function toTable(text: string) {
  const { schema, name } = parseName(text);
  return ident(schema, name);
}

/** The server reads it as a value of the column's type. */
function toText(given: NonNullable<Probe["values"]>[string]): string | null {
  return given === null ? null : String(given);
}
