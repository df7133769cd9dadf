import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeTexts, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    event: z.string(),
    function: z.string(),
    tags: maybeTexts,
    enabled: z.string(),
  }),
);

const enabledStates: Readonly<Record<string, string>> = { D: "disabled", R: "replica", A: "always" };

/** Event triggers. */
export const eventTriggers: Family = {
  name: "event_triggers",
  query: sql`
    select
      t.oid,
      t.evtname as name,
      pg_catalog.pg_get_userbyid(t.evtowner) as owner,
      t.evtevent as event,
      pg_catalog.format('%I.%I', n.nspname, p.proname) as function,
      t.evttags as tags,
      t.evtenabled as enabled
    from pg_catalog.pg_event_trigger t
    join pg_catalog.pg_proc p on p.oid = t.evtfoid
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where t.oid not in (select objid from ext where classid = 'pg_catalog.pg_event_trigger'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((trigger) => ({
      id: { kind: "event_trigger", name: trigger.name },
      addresses: [address("pg_event_trigger", trigger.oid)],
      owner: trigger.owner,
      attributes: {
        event: trigger.event,
        function: trigger.function,
        tags: trigger.tags === null ? undefined : trigger.tags.toSorted(),
        enabled: enabledStates[trigger.enabled],
      },
    })),
};
