import * as z from "zod";
import { advisorChecks, runAdvisors } from "../../advisors/index.ts";
import { ident, sql, userStatement } from "../../database/sql.ts";
import type { Query } from "../../ports.ts";
import { judgeReadOnlyQuery } from "../../sql/read-only.ts";
import {
  assertion,
  failed,
  passed,
  sameSet,
  type Assertion,
  type Verdict,
  type World,
} from "../assertion.ts";
import { parseName } from "../names.ts";

const asRole = { role: z.string().optional(), claims: z.record(z.string(), z.unknown()).optional() };
const planned = z.strictObject({ query: z.string(), ...asRole });

interface RoleGiven {
  readonly role?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** One node of a plan as EXPLAIN tells it. */
type PlanNode = Readonly<Record<string, unknown>>;

/** The nodes of a query's plan for a role, with sequential scans left only where nothing else would do. */
async function explain(
  query: Query,
  { role, claims = {} }: RoleGiven,
  { run }: World,
): Promise<readonly PlanNode[]> {
  // Few rows would be scanned in any case; the question is whether an index could serve.
  await run(sql`select pg_catalog.set_config('enable_seqscan', 'off', true)`);
  if (role !== undefined)
    await run(sql`
      select
        pg_catalog.set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true),
        pg_catalog.set_config('role', ${role}, true)`);
  const { rows } = await run(sql`explain (format json, costs off) ${query}`);
  const answer: unknown = rows[0]?.["QUERY PLAN"];
  const plans: unknown = typeof answer === "string" ? JSON.parse(answer) : answer;
  return flatten(plans);
}

function flatten(value: unknown): readonly PlanNode[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (typeof value !== "object" || value === null) return [];
  const node: PlanNode = { ...value };
  const inner = [node["Plan"], node["Plans"]].flatMap(flatten);
  return "Node Type" in node ? [node, ...inner] : inner;
}

async function judgePlan(
  args: z.output<typeof planned>,
  world: World,
  judge: (nodes: readonly PlanNode[]) => Verdict,
): Promise<Verdict> {
  if ((await judgeReadOnlyQuery(args.query)).kind !== "read")
    return failed("a statement that is not one query that only reads", "a query");
  return judge(await explain(userStatement(args.query.replace(/;\s*$/, "")), args, world));
}

function indexesIn(nodes: readonly PlanNode[]): readonly string[] {
  return nodes.flatMap((node) => (typeof node["Index Name"] === "string" ? [node["Index Name"]] : []));
}

/** What PostgreSQL would work out for each row, were it not wrapped in a sub-select. */
const perRow = /\bcurrent_setting\(|\bauth\.(?:uid|jwt|role|email)\(/;

const advice = z.strictObject({
  /** Names of checks; all where absent. */
  checks: z.array(z.string()).optional(),
  level: z.enum(["error", "warning", "info"]).default("warning"),
  /** Findings that are accepted: `check object`. */
  known: z.array(z.string()).default([]),
});

const levels = ["info", "warning", "error"];

async function judgeAdvice(
  { checks, level, known }: z.output<typeof advice>,
  world: World,
): Promise<Verdict> {
  const wanted = advisorChecks.filter(({ name }) => checks === undefined || checks.includes(name));
  const unknown = (checks ?? []).filter((name) => !advisorChecks.some((check) => check.name === name));
  if (unknown.length > 0)
    return failed(`no such check: ${unknown.join(", ")}`, "names of Supabase's advisors");
  const { run } = world;
  const session = { run, cancel: async () => undefined, discard: () => undefined, notices: () => [] };
  const found = await runAdvisors(session, wanted);
  const told = found
    .filter((finding) => levels.indexOf(finding.level) >= levels.indexOf(level))
    .map(({ check, object }) => `${check} ${object}`)
    .filter((each) => !known.includes(each));
  return sameSet([...new Set(told)], []);
}

/** How queries are planned, and what Supabase's advisors say. */
export const planAssertions: Readonly<Record<string, Assertion>> = {
  uses_index: assertion(planned.extend({ index: z.string() }), ({ index, ...args }, world) =>
    judgePlan(args, world, (nodes) => {
      const used = indexesIn(nodes);
      return used.includes(index) ? passed : failed(used.length === 0 ? "no index" : used.join(", "), index);
    }),
  ),
  no_seq_scan: assertion(planned.extend({ table: z.string().optional() }), ({ table, ...args }, world) =>
    judgePlan(args, world, (nodes) => {
      const name = table === undefined ? undefined : parseName(table).name;
      const scanned = nodes
        .filter((node) => node["Node Type"] === "Seq Scan")
        .map((node) => String(node["Relation Name"]))
        .filter((relation) => name === undefined || relation === name);
      return scanned.length === 0 ? passed : failed(`a scan of ${scanned.join(", ")}`, "an index scan");
    }),
  ),
  rls_initplan: assertion(
    z.strictObject({ table: z.string(), role: z.string(), claims: asRole.claims }),
    async (args, world) => {
      const { schema, name } = parseName(args.table);
      const nodes = await explain(sql`select * from ${ident(schema, name)}`, args, world);
      const slow = nodes.flatMap((node) =>
        [node["Filter"], node["Index Cond"]].filter((text) => typeof text === "string" && perRow.test(text)),
      );
      return slow.length === 0
        ? passed
        : failed(`for each row: ${slow.join("; ")}`, "once, by (select auth.uid())");
    },
  ),
  advisors_none: assertion(advice, judgeAdvice),
  advisors_no_new: assertion(advice, judgeAdvice),
};
