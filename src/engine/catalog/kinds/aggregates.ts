import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { acl, maybeText, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  name: z.string(),
  signature: z.string(),
  owner: z.string(),
  acl,
  arguments: z.string(),
  parallel: z.string(),
  kind: z.string(),
  state_function: z.string(),
  state_type: z.string(),
  state_space: z.number(),
  final_function: maybeText,
  final_extra: z.boolean(),
  final_modify: z.string(),
  final_modify_default: z.string(),
  combine_function: maybeText,
  serialize_function: maybeText,
  deserialize_function: maybeText,
  initial: maybeText,
  moving_state_function: maybeText,
  moving_inverse_function: maybeText,
  moving_state_type: maybeText,
  moving_state_space: z.number(),
  moving_final_function: maybeText,
  moving_final_extra: z.boolean(),
  moving_final_modify: z.string(),
  moving_initial: maybeText,
  sort_operator: maybeText,
});

type AggregateRow = z.infer<typeof row>;

/** Aggregates, with the parts that CREATE AGGREGATE names. */
export const aggregates: Family = {
  name: "aggregates",
  query: sql`
    select
      p.oid,
      ns.nspname as schema,
      p.proname as name,
      pg_catalog.oidvectortypes(p.proargtypes) as signature,
      pg_catalog.pg_get_userbyid(p.proowner) as owner,
      p.proacl::text[] as acl,
      pg_catalog.pg_get_function_arguments(p.oid) as arguments,
      p.proparallel as parallel,
      a.aggkind as kind,
      a.aggtransfn::regproc::text as state_function,
      pg_catalog.format_type(a.aggtranstype, null) as state_type,
      a.aggtransspace as state_space,
      case when a.aggfinalfn <> 0 then a.aggfinalfn::regproc::text end as final_function,
      a.aggfinalextra as final_extra,
      a.aggfinalmodify as final_modify,
      case when a.aggkind = 'n' then 'r' else 'w' end as final_modify_default,
      case when a.aggcombinefn <> 0 then a.aggcombinefn::regproc::text end as combine_function,
      case when a.aggserialfn <> 0 then a.aggserialfn::regproc::text end as serialize_function,
      case when a.aggdeserialfn <> 0 then a.aggdeserialfn::regproc::text end as deserialize_function,
      a.agginitval as initial,
      case when a.aggmtransfn <> 0 then a.aggmtransfn::regproc::text end as moving_state_function,
      case when a.aggminvtransfn <> 0 then a.aggminvtransfn::regproc::text end as moving_inverse_function,
      case when a.aggmtranstype <> 0 then pg_catalog.format_type(a.aggmtranstype, null) end as moving_state_type,
      a.aggmtransspace as moving_state_space,
      case when a.aggmfinalfn <> 0 then a.aggmfinalfn::regproc::text end as moving_final_function,
      a.aggmfinalextra as moving_final_extra,
      a.aggmfinalmodify as moving_final_modify,
      a.aggminitval as moving_initial,
      case
        when a.aggsortop <> 0
        then (
          select pg_catalog.format('operator(%I.%s)', n.nspname, o.oprname)
          from pg_catalog.pg_operator o
          join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
          where o.oid = a.aggsortop
        )
      end as sort_operator
    from pg_catalog.pg_proc p
    join ns on ns.oid = p.pronamespace
    join pg_catalog.pg_aggregate a on a.aggfnoid = p.oid
    where p.oid not in (select objid from ext where classid = 'pg_catalog.pg_proc'::regclass)`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const parallels: Readonly<Record<string, string>> = { s: "safe", r: "restricted" };
const kinds: Readonly<Record<string, string>> = { o: "ordered-set", h: "hypothetical" };
const modifies: Readonly<Record<string, string>> = { r: "read_only", s: "shareable", w: "read_write" };

function toDraft(aggregate: AggregateRow): FactDraft {
  const finalModifyIsUsual = aggregate.final_modify === aggregate.final_modify_default;
  const movingModifyIsUsual = aggregate.moving_final_modify === aggregate.final_modify_default;
  return {
    id: {
      kind: "aggregate",
      schema: aggregate.schema,
      name: aggregate.name,
      signature: aggregate.signature,
    },
    addresses: [address("pg_proc", aggregate.oid)],
    owner: aggregate.owner,
    acl: aggregate.acl,
    attributes: {
      arguments: aggregate.arguments,
      aggregateKind: kinds[aggregate.kind],
      parallel: parallels[aggregate.parallel],
      stateFunction: aggregate.state_function,
      stateType: aggregate.state_type,
      stateSpace: aggregate.state_space === 0 ? undefined : aggregate.state_space,
      finalFunction: aggregate.final_function ?? undefined,
      finalExtra: aggregate.final_extra,
      finalModify: finalModifyIsUsual ? undefined : modifies[aggregate.final_modify],
      combineFunction: aggregate.combine_function ?? undefined,
      serializeFunction: aggregate.serialize_function ?? undefined,
      deserializeFunction: aggregate.deserialize_function ?? undefined,
      initial: aggregate.initial ?? undefined,
      movingStateFunction: aggregate.moving_state_function ?? undefined,
      movingInverseFunction: aggregate.moving_inverse_function ?? undefined,
      movingStateType: aggregate.moving_state_type ?? undefined,
      movingStateSpace: aggregate.moving_state_space === 0 ? undefined : aggregate.moving_state_space,
      movingFinalFunction: aggregate.moving_final_function ?? undefined,
      movingFinalExtra: aggregate.moving_final_extra,
      movingFinalModify: movingModifyIsUsual ? undefined : modifies[aggregate.moving_final_modify],
      movingInitial: aggregate.moving_initial ?? undefined,
      sortOperator: aggregate.sort_operator ?? undefined,
    },
  };
}
