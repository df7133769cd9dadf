import * as z from "zod";
import { sql } from "../../database/sql.ts";
import type { Family } from "../fact-draft.ts";
import { toSettingValue } from "../redact-option.ts";
import { splitOption } from "../options.ts";
import { maybeText } from "../row-fields.ts";

const rows = z.array(z.object({ role: maybeText, settings: z.array(z.string()) }));

/** What ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET have set for this database. */
export const settings: Family = {
  name: "settings",
  query: sql`
    select r.rolname as role, s.setconfig as settings
    from pg_catalog.pg_db_role_setting s
    join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = pg_catalog.current_database()
    left join pg_catalog.pg_roles r on r.oid = s.setrole and s.setrole <> 0`,
  toDrafts: (given) =>
    rows.parse(given).flatMap((row) =>
      row.settings.map(splitOption).map(([name, value]) => ({
        id: {
          kind: "setting",
          name,
          grantee: row.role === null ? { kind: "everyone" } : { kind: "role", name: row.role },
        },
        addresses: [],
        attributes: { value: toSettingValue(name, value) },
      })),
    ),
};
