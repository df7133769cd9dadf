import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  relation: oid,
  statement: z.string(),
  enabled: z.string(),
  parent: oid,
  constraint: oid,
});

type TriggerRow = z.infer<typeof row>;

/** Triggers that people made; those behind foreign keys belong to the constraint. */
export const triggers: Family = {
  name: "triggers",
  query: sql`
    select
      t.oid,
      r.nspname as schema,
      r.relname as within,
      t.tgname as name,
      t.tgrelid as relation,
      pg_catalog.pg_get_triggerdef(t.oid) as statement,
      t.tgenabled as enabled,
      t.tgparentid as parent,
      t.tgconstraint as constraint
    from pg_catalog.pg_trigger t
    join any_rel r on r.oid = t.tgrelid
    where not t.tgisinternal
      and t.xmin is distinct from r.extension_xmin`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const enabledStates: Readonly<Record<string, string>> = { D: "disabled", R: "replica", A: "always" };

function toDraft(trigger: TriggerRow): FactDraft {
  return {
    id: { kind: "trigger", schema: trigger.schema, within: trigger.within, name: trigger.name },
    addresses: [
      address("pg_trigger", trigger.oid),
      ...(trigger.constraint === "0" ? [] : [address("pg_constraint", trigger.constraint)]),
    ],
    parent: address("pg_class", trigger.relation),
    statement: trigger.statement,
    attributes: {
      definition: withoutName(trigger.statement),
      constraint: trigger.constraint !== "0",
      enabled: enabledStates[trigger.enabled],
    },
    links: { attachedTo: trigger.parent === "0" ? undefined : address("pg_trigger", trigger.parent) },
  };
}

function withoutName(statement: string): string {
  return statement.replace(/^CREATE (?:CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|[^" ]+) /, "");
}
