import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { splitOption } from "../options.ts";
import { acl, maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  signature: z.string(),
  prokind: z.enum(["f", "p", "w"]),
  owner: z.string(),
  acl,
  statement: z.string(),
  arguments: z.string(),
  returns: maybeText,
  language: z.string(),
  body: maybeText,
  sql_body: maybeText,
  library: maybeText,
  volatility: z.string(),
  security_definer: z.boolean(),
  is_strict: z.boolean(),
  is_leakproof: z.boolean(),
  parallel: z.string(),
  cost: z.number(),
  rows: z.number(),
  support: maybeText,
  settings: maybeTexts,
  transforms: maybeTexts,
});

type RoutineRow = z.infer<typeof row>;

/** Functions, window functions and procedures; the constructors that come with a range type are part of it. */
export const routines: Family = {
  name: "routines",
  query: sql`
    select
      p.oid,
      ns.nspname as schema,
      p.proname as name,
      pg_catalog.oidvectortypes(p.proargtypes) as signature,
      p.prokind,
      pg_catalog.pg_get_userbyid(p.proowner) as owner,
      p.proacl::text[] as acl,
      pg_catalog.pg_get_functiondef(p.oid) as statement,
      pg_catalog.pg_get_function_arguments(p.oid) as arguments,
      pg_catalog.pg_get_function_result(p.oid) as returns,
      l.lanname as language,
      case when p.prosqlbody is null then p.prosrc end as body,
      pg_catalog.pg_get_function_sqlbody(p.oid) as sql_body,
      p.probin as library,
      p.provolatile as volatility,
      p.prosecdef as security_definer,
      p.proisstrict as is_strict,
      p.proleakproof as is_leakproof,
      p.proparallel as parallel,
      p.procost as cost,
      p.prorows as rows,
      case when p.prosupport <> 0 then p.prosupport::regproc::text end as support,
      p.proconfig as settings,
      (select array_agg(pg_catalog.format_type(u, null)) from unnest(p.protrftypes) u) as transforms
    from pg_catalog.pg_proc p
    join ns on ns.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang
    where p.prokind in ('f', 'p', 'w')
      and p.oid not in (select objid from ext where classid = 'pg_catalog.pg_proc'::regclass)
      and p.oid not in (select objid from range_part where classid = 'pg_catalog.pg_proc'::regclass)`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const volatilities: Readonly<Record<string, string>> = { i: "immutable", s: "stable" };
const parallels: Readonly<Record<string, string>> = { s: "safe", r: "restricted" };

function toDraft(routine: RoutineRow): FactDraft {
  const isSet = routine.returns?.startsWith("SETOF ") || routine.returns?.startsWith("TABLE(");
  const usualCost = ["c", "internal"].includes(routine.language) ? 1 : 100;
  return {
    id: {
      kind: routine.prokind === "p" ? "procedure" : "function",
      schema: routine.schema,
      name: routine.name,
      signature: routine.signature,
    },
    addresses: [address("pg_proc", routine.oid)],
    owner: routine.owner,
    acl: routine.acl,
    statement: routine.statement,
    body: routine.sql_body === null ? (routine.body ?? undefined) : undefined,
    attributes: {
      arguments: routine.arguments,
      returns: routine.returns ?? undefined,
      language: routine.language,
      body: routine.body?.replaceAll("\r\n", "\n"),
      sqlBody: routine.sql_body ?? undefined,
      library: routine.library ?? undefined,
      window: routine.prokind === "w",
      volatility: volatilities[routine.volatility],
      securityDefiner: routine.security_definer,
      strict: routine.is_strict,
      leakproof: routine.is_leakproof,
      parallel: parallels[routine.parallel],
      cost: routine.cost === usualCost ? undefined : routine.cost,
      rows: routine.rows === (isSet ? 1000 : 0) ? undefined : routine.rows,
      support: routine.support ?? undefined,
      transforms: routine.transforms ?? undefined,
      ...toSettings(routine.settings),
    },
  };
}

function toSettings(settings: readonly string[] | null): FactDraft["attributes"] {
  return Object.fromEntries(
    (settings ?? []).map(splitOption).map(([name, value]) => [`setting.${name}`, value]),
  );
}
