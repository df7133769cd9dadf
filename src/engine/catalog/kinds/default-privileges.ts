import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { parseAcl, privilegesOf, type GrantableKind } from "../acl.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { maybeText } from "../row-fields.ts";
import type { Grantee } from "../../model/catalog.ts";

const row = z.object({
  role: z.string(),
  schema: maybeText,
  type: z.enum(["r", "S", "f", "T", "n", "L"]),
  acl: z.array(z.string()),
  usual: z.array(z.string()),
});

/**
 * Default privileges, one fact a grantee and privilege. Those of a schema add to the rest;
 * those of no schema stand in place of the built-in ones, so that a built-in one that is missing shows as `revoked`.
 */
export const defaultPrivileges: Family = {
  name: "default_privileges",
  query: sql`
    select
      pg_catalog.pg_get_userbyid(d.defaclrole) as role,
      n.nspname as schema,
      d.defaclobjtype as type,
      d.defaclacl::text[] as acl,
      case
        when d.defaclnamespace = 0
        then pg_catalog.acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)::text[]
        else array[]::text[]
      end as usual
    from pg_catalog.pg_default_acl d
    left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace`,
  toDrafts: (given) => z.array(row).parse(given).flatMap(toDrafts),
};

const objectTypes: Readonly<
  Record<z.infer<typeof row>["type"], { readonly name: string; readonly kind: GrantableKind }>
> = {
  r: { name: "tables", kind: "table" },
  S: { name: "sequences", kind: "sequence" },
  f: { name: "functions", kind: "function" },
  T: { name: "types", kind: "type" },
  n: { name: "schemas", kind: "schema" },
  L: { name: "large objects", kind: "large_object" },
};

function toDrafts(given: z.infer<typeof row>): readonly FactDraft[] {
  const { name: objectType } = objectTypes[given.type];
  const id = (privilege: string, grantee: Grantee) =>
    ({
      kind: "default_privilege",
      ...(given.schema === null ? {} : { schema: given.schema }),
      name: privilege,
      signature: `on ${objectType} of ${JSON.stringify(given.role)}`,
      grantee,
    }) as const;
  const attributes = { role: given.role, objectType };
  const actual = privilegesOf(parseAcl(given.acl));
  const usual = privilegesOf(parseAcl(given.usual));
  const granted = [...actual].filter(
    ([key, entry]) => !usual.has(key) || usual.get(key)?.grantable !== entry.grantable,
  );
  const revoked = [...usual].filter(([key]) => !actual.has(key));
  return [
    ...granted.map(([, entry]) => ({
      id: id(entry.privilege, entry.grantee),
      addresses: [],
      attributes: { ...attributes, grantable: entry.grantable },
    })),
    ...revoked.map(([, entry]) => ({
      id: id(entry.privilege, entry.grantee),
      addresses: [],
      attributes: { ...attributes, revoked: true },
    })),
  ];
}
