import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { toForeignOptions } from "../redact-option.ts";
import { acl, maybeText, maybeTexts, oid } from "../row-fields.ts";

const wrapperRows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    acl,
    handler: maybeText,
    validator: maybeText,
    options: maybeTexts,
  }),
);

/** Foreign data wrappers. */
export const foreignDataWrappers: Family = {
  name: "foreign_data_wrappers",
  query: sql`
    select
      w.oid,
      w.fdwname as name,
      pg_catalog.pg_get_userbyid(w.fdwowner) as owner,
      w.fdwacl::text[] as acl,
      case when w.fdwhandler <> 0 then w.fdwhandler::regproc::text end as handler,
      case when w.fdwvalidator <> 0 then w.fdwvalidator::regproc::text end as validator,
      w.fdwoptions as options
    from pg_catalog.pg_foreign_data_wrapper w
    where w.oid not in (select objid from ext where classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass)`,
  toDrafts: (given) =>
    wrapperRows.parse(given).map((wrapper) => ({
      id: { kind: "foreign_data_wrapper", name: wrapper.name },
      addresses: [address("pg_foreign_data_wrapper", wrapper.oid)],
      owner: wrapper.owner,
      acl: wrapper.acl,
      attributes: {
        handler: wrapper.handler ?? undefined,
        validator: wrapper.validator ?? undefined,
        ...toForeignOptions(wrapper.options),
      },
    })),
};

const serverRows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    acl,
    wrapper: z.string(),
    type: maybeText,
    version: maybeText,
    options: maybeTexts,
  }),
);

/** Foreign servers; options that may hold secrets are redacted. */
export const servers: Family = {
  name: "servers",
  query: sql`
    select
      s.oid,
      s.srvname as name,
      pg_catalog.pg_get_userbyid(s.srvowner) as owner,
      s.srvacl::text[] as acl,
      w.fdwname as wrapper,
      s.srvtype as type,
      s.srvversion as version,
      s.srvoptions as options
    from pg_catalog.pg_foreign_server s
    join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
    where s.oid not in (select objid from ext where classid = 'pg_catalog.pg_foreign_server'::regclass)`,
  toDrafts: (given) =>
    serverRows.parse(given).map((server) => ({
      id: { kind: "server", name: server.name },
      addresses: [address("pg_foreign_server", server.oid)],
      owner: server.owner,
      acl: server.acl,
      attributes: {
        wrapper: server.wrapper,
        type: server.type ?? undefined,
        version: server.version ?? undefined,
        ...toForeignOptions(server.options),
      },
    })),
};

const mappingRows = z.array(
  z.object({ oid, server: oid, server_name: z.string(), role: maybeText, options: maybeTexts }),
);

/** User mappings; the view hides options from roles that may not see them. */
export const userMappings: Family = {
  name: "user_mappings",
  query: sql`
    select
      m.umid as oid,
      m.srvid as server,
      m.srvname as server_name,
      case when m.umuser <> 0 then m.usename end as role,
      m.umoptions as options
    from pg_catalog.pg_user_mappings m`,
  toDrafts: (given) =>
    mappingRows.parse(given).map((mapping) => ({
      id: {
        kind: "user_mapping",
        name: mapping.server_name,
        grantee: mapping.role === null ? { kind: "everyone" } : { kind: "role", name: mapping.role },
      },
      addresses: [address("pg_user_mapping", mapping.oid)],
      parent: address("pg_foreign_server", mapping.server),
      attributes: toForeignOptions(mapping.options),
    })),
};
