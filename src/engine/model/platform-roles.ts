/** Roles that Supabase owns its objects with; no other project has them. */
export const platformRoles: ReadonlySet<string> = new Set([
  "supabase_admin",
  "supabase_auth_admin",
  "supabase_storage_admin",
  "supabase_realtime_admin",
  "supabase_functions_admin",
  "supabase_replication_admin",
  "supabase_read_only_user",
  "supabase_etl_admin",
  "dashboard_user",
  "pgbouncer",
]);
