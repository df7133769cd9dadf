import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    within: z.string(),
    name: z.string(),
    relation: oid,
    statement: z.string(),
    enabled: z.string(),
  }),
);

const enabledStates: Readonly<Record<string, string>> = { D: "disabled", R: "replica", A: "always" };

/** Rewrite rules; the one that makes a view is the view itself. */
export const rules: Family = {
  name: "rules",
  query: sql`
    select
      w.oid,
      r.nspname as schema,
      r.relname as within,
      w.rulename as name,
      w.ev_class as relation,
      pg_catalog.pg_get_ruledef(w.oid) as statement,
      w.ev_enabled as enabled
    from pg_catalog.pg_rewrite w
    join any_rel r on r.oid = w.ev_class
    where w.xmin is distinct from r.extension_xmin
      and w.rulename <> '_RETURN'`,
  toDrafts: (given) =>
    rows.parse(given).map((rule) => ({
      id: { kind: "rule", schema: rule.schema, within: rule.within, name: rule.name },
      addresses: [address("pg_rewrite", rule.oid)],
      parent: address("pg_class", rule.relation),
      statement: rule.statement.replace(/;\s*$/, ""),
      attributes: {
        definition: rule.statement
          .replace(/;\s*$/, "")
          .replace(/^CREATE RULE (?:"(?:[^"]|"")*"|[^" ]+) AS\s+/, ""),
        enabled: enabledStates[rule.enabled],
      },
    })),
};
