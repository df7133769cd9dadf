import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A queue that the API serves without row level security. */
export const insecureQueueExposedInApi: AdvisorCheck = {
  name: "insecure_queue_exposed_in_api",
  category: "security",
  level: "error",
  message: "The API serves this queue without row level security; enable it.",
  query: sql`
    select 'table ' || n.nspname || '.' || c.relname as object, null as detail
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'pgmq'
    where c.relkind in ('r', 'p')
      and not c.relrowsecurity
      and left(c.relname, 2) in ('q_', 'a_')
      and exists (select from api_schema s where s.nspname = 'pgmq_public')`,
};
