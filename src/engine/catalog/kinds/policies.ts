import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const row = z.object({
  oid,
  schema: z.string(),
  within: z.string(),
  name: z.string(),
  relation: oid,
  command: z.string(),
  is_permissive: z.boolean(),
  roles: maybeTexts,
  using: maybeText,
  check: maybeText,
});

type PolicyRow = z.infer<typeof row>;

/** Row security policies; without `roles` a policy is for everyone. */
export const policies: Family = {
  name: "policies",
  query: sql`
    select
      p.oid,
      r.nspname as schema,
      r.relname as within,
      p.polname as name,
      p.polrelid as relation,
      p.polcmd as command,
      p.polpermissive as is_permissive,
      (
        select array_agg(a.rolname::text order by array_position(p.polroles, a.oid))
        from pg_catalog.pg_roles a
        where a.oid = any (p.polroles)
      ) as roles,
      pg_catalog.pg_get_expr(p.polqual, p.polrelid) as "using",
      pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "check"
    from pg_catalog.pg_policy p
    join any_rel r on r.oid = p.polrelid
    where p.xmin is distinct from r.extension_xmin`,
  toDrafts: (given) => z.array(row).parse(given).map(toDraft),
};

const commands: Readonly<Record<string, string>> = {
  "*": "all",
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

function toDraft(policy: PolicyRow): FactDraft {
  return {
    id: { kind: "policy", schema: policy.schema, within: policy.within, name: policy.name },
    addresses: [address("pg_policy", policy.oid)],
    parent: address("pg_class", policy.relation),
    attributes: {
      command: commands[policy.command],
      restrictive: !policy.is_permissive,
      roles: policy.roles ?? undefined,
      using: policy.using ?? undefined,
      check: policy.check ?? undefined,
    },
  };
}
