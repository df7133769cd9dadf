import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { databaseKey, type Grantee } from "../../model/catalog.ts";
import { parseAcl, privilegesOf } from "../acl.ts";
import type { Family, FactDraft } from "../fact-draft.ts";
import { acl, maybeText } from "../row-fields.ts";

const rows = z.array(z.object({ owner: z.string(), acl, comment: maybeText }));

/** What everyone may do with a database (PostgreSQL documentation, "Privileges"). */
const everyones = ["CONNECT", "TEMPORARY"];

/**
 * What the database itself is called, and who may use it, as far as that is not as with a new one. `revoked` marks what everyone
 * may not do any more. The comment that initdb gives to `postgres` is no one's (initdb.c, setup_description).
 */
export const databaseOwn: Family = {
  name: "database",
  query: sql`
    select
      pg_catalog.pg_get_userbyid(d.datdba) as owner,
      d.datacl::text[] as acl,
      nullif(pg_catalog.shobj_description(d.oid, 'pg_database'), 'default administrative connection database') as comment
    from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database()`,
  toDrafts: (given) =>
    rows.parse(given).flatMap((database) => {
      const { comment } = database;
      if (comment === null) return toGrants(database);
      return [
        ...toGrants(database),
        { id: { kind: "comment", name: "", on: databaseKey }, addresses: [], attributes: { text: comment } },
      ];
    }),
};

function toGrants({ owner, acl: entries }: z.infer<typeof rows>[number]): readonly FactDraft[] {
  if (entries === null) return [];
  const held = [...privilegesOf(parseAcl(entries)).values()];
  const isEveryones = (name: string): boolean =>
    held.some(({ grantee, privilege }) => grantee.kind === "everyone" && privilege === name);
  return [
    ...held
      .filter(({ grantee, privilege }) =>
        grantee.kind === "everyone" ? !everyones.includes(privilege) : grantee.name !== owner,
      )
      .map(({ grantee, privilege, grantable }) => toDraft(privilege, grantee, { grantable })),
    ...everyones
      .filter((name) => !isEveryones(name))
      .map((name) => toDraft(name, { kind: "everyone" }, { revoked: true })),
  ];
}

function toDraft(name: string, grantee: Grantee, attributes: FactDraft["attributes"]): FactDraft {
  return {
    id: { kind: "grant", name, on: databaseKey, grantee },
    addresses: [],
    attributes: { target: "database", ...attributes },
  };
}
