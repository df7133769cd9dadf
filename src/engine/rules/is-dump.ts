import type { StatementView } from "./statement-view.ts";

/** Settings that pg_dump writes at the beginning of every dump, and that nobody writes by hand (pg_dump 15 to 18). */
const preamble = ["client_min_messages", "check_function_bodies", "row_security"];

/** True for the dump of a whole schema, as `supabase db dump` and `db pull` write it. */
export function isDump(views: readonly StatementView[]): boolean {
  const settings = new Set(
    views.flatMap(({ node }) => ("VariableSetStmt" in node ? [node.VariableSetStmt.name ?? ""] : [])),
  );
  return preamble.every((name) => settings.has(name));
}
