import { sql } from "../database/sql.ts";
import type { AdvisorCheck } from "./check.ts";

/** A relation that this role finds in the GraphQL schema. */
export function graphqlExposedTo(role: "anon" | "authenticated"): AdvisorCheck {
  return {
    name: `pg_graphql_${role}_table_exposed`,
    category: "security",
    level: "info",
    message: `GraphQL shows it to ${role}; revoke select where that is not wanted.`,
    query: sql`
    select 'relation ' || r.shown as object, null as detail
    from api_relation r
    join api_role g on g.rolname = ${role}
    where exists (select from pg_catalog.pg_extension x where x.extname = 'pg_graphql')
      and pg_catalog.has_table_privilege(g.oid, r.oid, 'select')`,
  };
}
