import { namesOf, walkTree } from "./walk-tree.ts";

const NAMES = new Set([
  // Settings and roles: they lift the read-only transaction or the role that a query runs under.
  "set_config",
  // Sequences: never rolled back.
  "nextval",
  "setval",
  // Large objects and server files.
  "lo_import",
  "lo_export",
  "lo_creat",
  "lo_create",
  "lo_unlink",
  "lo_put",
  "lo_from_bytea",
  "lo_truncate",
  "lo_truncate64",
  "lowrite",
  "lo_open",
  "pg_read_file",
  "pg_read_binary_file",
  "pg_stat_file",
  // Other sessions and the server.
  "pg_terminate_backend",
  "pg_cancel_backend",
  "pg_reload_conf",
  "pg_rotate_logfile",
  "pg_promote",
  "pg_switch_wal",
  "pg_create_restore_point",
  "pg_log_backend_memory_contexts",
  "pg_backup_start",
  "pg_backup_stop",
  "pg_start_backup",
  "pg_stop_backup",
  "pg_notify",
  "pg_import_system_collations",
  "pg_log_standby_snapshot",
  // Replication.
  "pg_drop_replication_slot",
  "pg_sync_replication_slots",
  "pg_logical_emit_message",
  // Functions that run SQL text, which hides what it calls.
  "query_to_xml",
  "query_to_xmlschema",
  "query_to_xml_and_xmlschema",
  "cursor_to_xml",
  "ts_stat",
  "ts_rewrite",
  "crosstab",
  "crosstab2",
  "crosstab3",
  "crosstab4",
  "crosstabn",
  "connectby",
  "xpath_table",
  // The http extension.
  "http",
  "http_get",
  "http_post",
  "http_put",
  "http_patch",
  "http_delete",
  "http_head",
  "http_set_curlopt",
  "http_reset_curlopt",
]);

const PREFIX =
  /^(?:dblink|pg_advisory_|pg_try_advisory_|pg_ls_|pg_file_|pg_stat_reset|pg_stat_statements_reset|pg_replication_|pg_wal_replay_|pg_background_|pg_create_(?:physical|logical)_replication|pg_copy_(?:physical|logical)_replication|pg_logical_slot_)/;

/** Schemas of extensions whose every function acts outside the transaction. */
const SCHEMAS = new Set(["cron", "net"]);

/**
 * The first function in a parse tree that acts although the transaction is read-only or rolled back, or that hides what it runs.
 * PostgreSQL also calls a function of one argument by attribute notation, as in `(x).nextval`: those names count too.
 */
export function findForbiddenFunction(node: unknown): string | undefined {
  const found: string[] = [];
  walkTree(node, (kind, fields) => {
    if (kind === "FuncCall") found.push(...forbiddenName(namesOf(fields["funcname"])));
    if (kind === "A_Indirection")
      found.push(...namesOf(fields["indirection"]).flatMap((name) => forbiddenName([name])));
    if (kind === "ColumnRef")
      found.push(
        ...namesOf(fields["fields"])
          .slice(1)
          .flatMap((name) => forbiddenName([name])),
      );
  });
  return found[0];
}

function forbiddenName(names: readonly string[]): readonly string[] {
  const name = names.at(-1) ?? "";
  const schema = names.length > 1 ? (names.at(-2) ?? "") : "";
  return NAMES.has(name) || PREFIX.test(name) || SCHEMAS.has(schema) ? [names.join(".")] : [];
}
