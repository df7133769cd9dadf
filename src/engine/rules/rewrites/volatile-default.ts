import { addedColumns, defaultOf } from "../alter-table.ts";
import { functionCalls, type FunctionCall } from "../expressions.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";

/** Functions of PostgreSQL and Supabase's extensions that are volatile (pg_proc.provolatile). */
const VOLATILE =
  /^(?:gen_random_uuid|uuid_generate_v[1-5]\w*|uuidv[47]|random\w*|clock_timestamp|timeofday|nextval|setval|currval|lastval|gen_random_bytes|gen_salt|txid_current|pg_current_xact_id|setseed|generate_uuid\w*|nanoid|gen_ulid|generate_ulid)$/;

export const volatileDefault: Rule = {
  id: "R02",
  name: "volatile-default",
  group: "rewrites",
  severity: "warning",
  detects: "ADD COLUMN with a volatile default",
  why: "Every row needs a value of its own, so the table is rewritten under an ACCESS EXCLUSIVE lock.",
  rewrite:
    "Add the column without a default, SET DEFAULT for new rows, then backfill the old ones in batches.",
  check: ({ node }, scope) =>
    addedColumns(node)
      .filter(({ table }) => !isOwnTable(scope, table))
      .flatMap(({ table, column }) => {
        const object = `${show(table)}.${column.colname ?? ""}`;
        const verdicts = functionCalls({ default: defaultOf(column) }).map((call) => judge(call, scope));
        if (verdicts.includes("volatile")) return [{ object }];
        return verdicts.includes("unknown")
          ? [{ object, severity: "info", needs: "whether the function in the default is volatile" }]
          : [];
      }),
};

function judge({ schema, name }: FunctionCall, { live }: Scope): "volatile" | "stable" | "unknown" {
  if (VOLATILE.test(name)) return "volatile";
  if (schema === undefined || schema === "auth" || schema === "extensions") return "stable";
  const own = live?.all("function").find(({ id }) => id.schema === schema && id.name === name);
  if (own === undefined) return "unknown";
  return own.attributes["volatility"] === undefined ? "volatile" : "stable";
}
