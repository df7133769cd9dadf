/** What a caller can do about an error; decides the exit code of commands (docs/errors.md). */
export type ErrorKind = "usage" | "unreachable" | "refused" | "failed";

interface ErrorRow {
  readonly kind: ErrorKind;
  /** What to do next; names the tool to call. */
  readonly hint: string;
}

const table = {
  // Input
  invalid_input: { kind: "usage", hint: "Correct the arguments that the message names and call again." },
  invalid_settings: {
    kind: "usage",
    hint: "Correct the settings that the message names; docs/configuration.md lists them all.",
  },
  invalid_name: {
    kind: "usage",
    hint: "Use lower-case letters, digits and underscores, such as add_orders_table.",
  },
  name_required: {
    kind: "usage",
    hint: "Give a name in snake_case that says what the SQL does, such as add_orders_table.",
  },
  arguments_conflict: { kind: "usage", hint: "Give one of the arguments that the message names." },
  empty_sql: { kind: "usage", hint: "Give the SQL of the migration in `query`." },
  invalid_cursor: {
    kind: "usage",
    hint: "Call the tool without a cursor and page on with the one it answers.",
  },
  wrong_target: {
    kind: "refused",
    hint: "Leave project_id out, or connect to a server that serves that project.",
  },
  unknown_target: {
    kind: "usage",
    hint: "Name one of the targets in godwit.json by its label as `target`.",
  },
  target_not_named: {
    kind: "refused",
    hint: "Name the production target as `target` beside confirm (--target on the command line).",
  },
  target_not_allowed: {
    kind: "refused",
    hint: "Name a target that the message says as `target`, or ask whoever runs this server for another token: godwit token add --targets LABEL,…",
  },
  target_not_set_up: {
    kind: "unreachable",
    hint: "Set the variable that the message names where Godwit is started, and start it again; other targets can be used meanwhile.",
  },
  // Files
  folder_not_found: {
    kind: "usage",
    hint: "Give the folder with --migrations-dir, or call create_migration, which makes it.",
  },
  folder_not_allowed: {
    kind: "usage",
    hint: "Start Godwit in the project's folder, or give the folder with --migrations-dir.",
  },
  folder_not_writable: { kind: "usage", hint: "Allow the user who runs Godwit to write to the folder." },
  path_outside_folder: { kind: "refused", hint: "Give a bare file name of the migrations folder." },
  file_exists: {
    kind: "refused",
    hint: "Call list_migrations to see the file; use another name or version.",
  },
  file_not_found: { kind: "usage", hint: "Call list_migrations to see the files and their versions." },
  file_not_readable: {
    kind: "refused",
    hint: "Correct the file as the message says; check it with list_migrations.",
  },
  version_invalid: { kind: "usage", hint: "Give 14 digits, YYYYMMDDHHMMSS in UTC, or leave version out." },
  version_taken: {
    kind: "refused",
    hint: "Leave version out to get the next free one, or call list_migrations to see what has it.",
  },
  version_not_found: { kind: "usage", hint: "Call list_migrations to see the versions." },
  version_too_old: {
    kind: "refused",
    hint: "Leave version out: the next version is after every one that exists.",
  },
  no_version_left: { kind: "refused", hint: "Rename the file that sorts last to a 14-digit version first." },
  name_taken: {
    kind: "refused",
    hint: "Call again with that version to replace the pending file, or with another name.",
  },
  spec_not_met: {
    kind: "failed",
    hint: "Correct the SQL, or the spec where it should say otherwise, and call again. With verify_before_commit: false in godwit.json the spec is left to verify_schema.",
  },
  invalid_spec: { kind: "usage", hint: "Correct the spec at the lines that the message names." },
  // SQL
  syntax_error: { kind: "failed", hint: "Correct the SQL at the position shown. Nothing was run." },
  sql_too_large: { kind: "refused", hint: "Split the SQL into several migrations." },
  unsupported_sql: {
    kind: "refused",
    hint: "Write it as plain SQL; psql commands and inline COPY data are not SQL.",
  },
  transaction_control_refused: {
    kind: "refused",
    hint: "Remove BEGIN, COMMIT and the like: each migration runs in one transaction by itself.",
  },
  ddl_refused: {
    kind: "refused",
    hint: "Call apply_migration with this SQL as `query` and a `name`: schema changes are recorded.",
  },
  write_refused: { kind: "refused", hint: "Call execute_sql again with write: true to change rows." },
  not_a_query: { kind: "refused", hint: "Send one SELECT, VALUES, TABLE, SHOW or EXPLAIN statement." },
  read_only: {
    kind: "refused",
    hint: "This server was started with --read-only: neither the database nor the migration files are changed through it.",
  },
  statement_failed: { kind: "failed", hint: "Correct the SQL at the position shown and call again." },
  // Applying
  out_of_order: {
    kind: "refused",
    hint: "Apply each older file by its version, or give it a newer version.",
  },
  pending_first: {
    kind: "refused",
    hint: "Call apply_migration without arguments to apply the pending files first.",
  },
  not_applicable: { kind: "refused", hint: "Call detect_drift to see how files and history differ." },
  not_promotable: {
    kind: "refused",
    hint: "Apply them to the other target first, and call list_migrations for it to see what it has run; apply_migration without promote_from goes without it.",
  },
  plan_is_stale: {
    kind: "refused",
    hint: "Call apply_migration with dry_run: true and confirm the plan_id it answers.",
  },
  reason_required: {
    kind: "usage",
    hint: "Say in `reason` why the history may say so; it is kept with the change.",
  },
  not_confirmed: {
    kind: "refused",
    hint: "Ask your user what they want instead; call again only if they change their mind.",
  },
  change_unfinished: {
    kind: "refused",
    hint: 'Call reconcile_history once on the database that the change was begun on: it finishes or undoes it. Where that database is gone, give it actions: ["undo_change RUN"] with the run that the message names.',
  },
  history_shape: {
    kind: "refused",
    hint: "Compare supabase_migrations.schema_migrations with docs/formats.md.",
  },
  survives_rollback: {
    kind: "refused",
    hint: 'Nothing was run. Rehearse with rehearse_on: "copy", or take that statement out of the migration.',
  },
  rehearsal_limit: {
    kind: "failed",
    hint: 'Rehearse with rehearse_on: "copy", or let statements run longer with --rehearsal-timeout.',
  },
  scope_required: {
    kind: "refused",
    hint: "Ask whoever runs this server for a token with that scope: godwit token add --scope write (or admin).",
  },
  needs_session: {
    kind: "refused",
    hint: "Give --database-url with the direct address or the session pooler (port 5432); both stand in the dashboard under Connect.",
  },
  lock_not_available: {
    kind: "failed",
    hint: "Wait for the session that the message names, or end it, and call again. Nothing was changed.",
  },
  // Rolling back
  no_way_back: {
    kind: "refused",
    hint: "Write what undoes it as a migration of its own: create_migration, then apply_migration.",
  },
  rollback_overlapped: {
    kind: "refused",
    hint: "Roll the later migrations back first: rollback_migration with a count that reaches to this one.",
  },
  rollback_drifted: {
    kind: "refused",
    hint: "Call detect_drift to see what changed since; undo it with a migration of its own that fits the schema as it is.",
  },
  rollback_needed: {
    kind: "refused",
    hint: "Drop or change what depends on it with a migration first, then call rollback_migration again.",
  },
  // Target
  target_unreachable: {
    kind: "unreachable",
    hint: "Check the address, the network and that the database runs; then call again.",
  },
  authentication_failed: {
    kind: "unreachable",
    hint: "Check user and password in the database URL; encode special characters as %XX.",
  },
  permission_denied: {
    kind: "failed",
    hint: "Connect as a role that may do this; on Supabase that is postgres.",
  },
  project_paused: {
    kind: "unreachable",
    hint: "Restore the project in the Supabase dashboard; then call again.",
  },
  rate_limited: {
    kind: "unreachable",
    hint: "Wait a minute and call again; nothing of this call was run. The limit counts all requests of the token's owner.",
  },
  target_in_use: { kind: "unreachable", hint: "End the other process, or give another --data-dir." },
  connection_lost: {
    kind: "unreachable",
    hint: "Call list_migrations to see what was applied, then call again.",
  },
  outcome_unknown: {
    kind: "unreachable",
    hint: "Call list_migrations when the database answers again: it tells whether the migration was applied.",
  },
  statement_timeout: {
    kind: "failed",
    hint: "Make the statement cheaper, or raise the limit in the settings.",
  },
  cancelled: { kind: "failed", hint: "Call again when wanted. What had not been committed was rolled back." },
  internal_error: {
    kind: "failed",
    hint: "This is a fault in Godwit. Report it with the id from the message.",
  },
} as const satisfies Record<string, ErrorRow>;

/** Names a situation in which the engine cannot do what was asked; docs/errors.md explains each. */
export type ErrorCode = keyof typeof table;

export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = table;
