import * as z from "zod";
import { sql } from "../../database/sql.ts";
import type { Catalog, Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import {
  absent,
  assertion,
  failed,
  passed,
  present,
  same,
  sameSet,
  type Assertion,
  type Verdict,
  type World,
} from "../assertion.ts";
import { partsAre } from "../parts.ts";
import { findObject, normalizeType, parseName, partsOf, relationKinds } from "../names.ts";

const triggerOf = z.strictObject({ table: z.string(), trigger: z.string() });
const policyOf = z.strictObject({ table: z.string(), policy: z.string() });
const routine = z.strictObject({ function: z.string(), args: z.array(z.string()).optional() });

function findPart(
  catalog: Catalog,
  table: string,
  kind: "trigger" | "policy",
  name: string,
): Fact | undefined {
  const relation = findObject(catalog, table, relationKinds);
  return relation && partsOf(catalog, relation, kind).find(({ id }) => id.name === name);
}

type RoutineArgs = z.output<typeof routine>;

/** Without `args` every overload is meant. */
function findRoutines(catalog: Catalog, { function: given, args }: RoutineArgs): readonly Fact[] {
  const { schema, name } = parseName(given);
  const wanted = args?.map(normalizeType).join(",");
  return [...catalog.facts.values()].filter(
    ({ kind, id }) =>
      (kind === "function" || kind === "procedure") &&
      id.schema === schema &&
      id.name === name &&
      (wanted === undefined ||
        splitTypes(id.signature ?? "")
          .map(normalizeType)
          .join(",") === wanted),
  );
}

/** The types of a signature, one by one. */
export function splitTypes(signature: string): readonly string[] {
  return signature === "" ? [] : signature.split(/, (?![^(]*\))/);
}

function describeRoutine({ function: name, args }: RoutineArgs): string {
  return args === undefined ? name : `${name}(${args.join(", ")})`;
}

function judgeRoutines(catalog: Catalog, args: RoutineArgs, judge: (fact: Fact) => Verdict): Verdict {
  const found = findRoutines(catalog, args);
  if (found.length === 0) return failed("no such function", describeRoutine(args));
  return found.map(judge).find(({ kind }) => kind === "failed") ?? passed;
}

function definer(wanted: boolean): Assertion {
  return assertion(
    routine,
    (args, { catalog }) =>
      judgeRoutines(catalog, args, ({ attributes }) => {
        const have = attributes["securityDefiner"] === true;
        return have === wanted
          ? passed
          : failed(
              have ? "security definer" : "security invoker",
              wanted ? "security definer" : "security invoker",
            );
      }),
    "function",
  );
}

const privileges = z.array(z.string().toUpperCase());

/** What a role may do by its own grants, those of its roles and of everyone. */
export async function heldPrivileges(
  { run }: World,
  asked: { readonly kind: "table" | "schema" | "function"; readonly role: string; readonly object: string },
): Promise<readonly string[]> {
  const { kind, role, object } = asked;
  const all = { table: tablePrivileges, schema: ["CREATE", "USAGE"], function: ["EXECUTE"] }[kind];
  const query = {
    table: sql`select p from unnest(${all}::text[]) p where pg_catalog.has_table_privilege(${role}, ${object}, p)`,
    schema: sql`select p from unnest(${all}::text[]) p where pg_catalog.has_schema_privilege(${role}, ${object}, p)`,
    function: sql`select p from unnest(${all}::text[]) p where pg_catalog.has_function_privilege(${role}, ${object}, p)`,
  }[kind];
  const { rows } = await run(query);
  return rows.map((row) => String(row["p"]));
}

const tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

/** A name as a spec has it, quoted for the server. */
export function quoteName(text: string): string {
  const { schema, name } = parseName(text);
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A function with its arguments, quoted for the server. */
export function quoteCall(name: string, args: readonly string[]): string {
  return `${quoteName(name)}(${args.join(", ")})`;
}

const volatility = z.enum(["volatile", "stable", "immutable"]);

/** Triggers, functions, policies, and who may do what by grants. */
export const behaviourAssertions: Readonly<Record<string, Assertion>> = {
  has_trigger: assertion(triggerOf, ({ table, trigger }, { catalog }) =>
    present(findPart(catalog, table, "trigger", trigger) !== undefined, `${trigger} on ${table}`),
  ),
  hasnt_trigger: assertion(triggerOf, ({ table, trigger }, { catalog }) =>
    absent(findPart(catalog, table, "trigger", trigger) !== undefined, `${trigger} on ${table}`),
  ),
  triggers_are: partsAre("triggers", "trigger"),
  has_function: assertion(
    routine,
    (args, { catalog }) => present(findRoutines(catalog, args).length > 0, describeRoutine(args)),
    "function",
  ),
  hasnt_function: assertion(
    routine,
    (args, { catalog }) => absent(findRoutines(catalog, args).length > 0, describeRoutine(args)),
    "function",
  ),
  function_returns: assertion(routine.extend({ returns: z.string() }), ({ returns, ...args }, { catalog }) =>
    judgeRoutines(catalog, args, ({ attributes }) => {
      const have = String(attributes["returns"]);
      return normalizeResult(have) === normalizeResult(returns) ? passed : failed(have, returns);
    }),
  ),
  function_lang_is: assertion(
    routine.extend({ language: z.string() }),
    ({ language, ...args }, { catalog }) =>
      judgeRoutines(catalog, args, ({ attributes }) => same(attributes["language"], language)),
  ),
  is_definer: definer(true),
  isnt_definer: definer(false),
  volatility_is: assertion(routine.extend({ volatility }), ({ volatility: wanted, ...args }, { catalog }) =>
    judgeRoutines(catalog, args, ({ attributes }) => same(attributes["volatility"] ?? "volatile", wanted)),
  ),
  policies_are: partsAre("policies", "policy"),
  policy_cmd_is: assertion(
    policyOf.extend({ command: z.string().toLowerCase() }),
    ({ table, policy, command }, { catalog }) => {
      const found = findPart(catalog, table, "policy", policy);
      return found === undefined
        ? failed("no such policy", `${policy} on ${table}`)
        : same(found.attributes["command"], command);
    },
  ),
  policy_roles_are: assertion(
    policyOf.extend({ roles: z.array(z.string()) }),
    ({ table, policy, roles }, { catalog }) => {
      const found = findPart(catalog, table, "policy", policy);
      if (found === undefined) return failed("no such policy", `${policy} on ${table}`);
      const have = found.attributes["roles"];
      return sameSet(Array.isArray(have) ? have.map(String) : ["public"], roles);
    },
  ),
  table_privs_are: assertion(
    z.strictObject({ table: z.string(), role: z.string(), privileges }),
    async ({ table, role, privileges: wanted }, world) =>
      sameSet(await heldPrivileges(world, { kind: "table", role, object: quoteName(table) }), wanted),
  ),
  schema_privs_are: assertion(
    z.strictObject({ schema: z.string(), role: z.string(), privileges }),
    async ({ schema, role, privileges: wanted }, world) =>
      sameSet(await heldPrivileges(world, { kind: "schema", role, object: schema }), wanted),
  ),
  function_privs_are: assertion(
    z.strictObject({ function: z.string(), args: z.array(z.string()), role: z.string(), privileges }),
    async ({ function: name, args, role, privileges: wanted }, world) =>
      sameSet(
        await heldPrivileges(world, {
          kind: "function",
          role,
          object: quoteCall(name, args),
        }),
        wanted,
      ),
  ),
  has_role: assertion(
    z.strictObject({ name: z.string() }),
    async ({ name }, { run }) => {
      const { rows } = await run(sql`select 1 from pg_catalog.pg_roles where rolname = ${name}`);
      return present(rows.length > 0, name);
    },
    "name",
  ),
};

function normalizeResult(text: string): string {
  const [, setof = "", type = text] = /^(setof\s+)?(.*)$/is.exec(text.trim()) ?? [];
  return `${setof.trim().toLowerCase()} ${normalizeType(type)}`;
}
