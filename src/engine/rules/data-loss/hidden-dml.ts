import { isRecord } from "../../sql/walk-tree.ts";
import { isAlwaysTrue } from "../../sql/always-true.ts";
import { unknownName } from "../../sql/dynamic-text.ts";
import { functionCalls } from "../expressions.ts";
import { show, nameOfRange, nameOfList } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isOwnTable, type Scope } from "../scope.ts";
import type { StatementView } from "../statement-view.ts";
import { writeKindOf, writesIn } from "../writes.ts";

export const hiddenDml: Rule = {
  id: "D06",
  name: "hidden-dml",
  group: "data-loss",
  severity: "warning",
  detects:
    "Writes that the first word does not show: WITH, MERGE, ON CONFLICT UPDATE, EXPLAIN ANALYZE, CALL, SELECT of a function",
  why: "What it changes is not seen at a glance.",
  rewrite:
    "Write the UPDATE or DELETE as a statement of its own, and rehearse it for the rows that it changes.",
  check: (view, scope) => [...merges(view, scope), ...insideQuery(view, scope), ...calls(view, scope)],
};

function merges({ node }: StatementView, scope: Scope): readonly Hit[] {
  return writesIn(node)
    .filter(({ kind, table }) => kind === "merge" && !isOwnTable(scope, table))
    .flatMap(({ table, fields }): readonly Hit[] => {
      const clauses = JSON.stringify(fields["mergeWhenClauses"] ?? []);
      const object = show(table);
      if (clauses.includes('"CMD_DELETE"')) {
        const isGrave = clauses.includes("NOT_MATCHED_BY_SOURCE") || isAlwaysTrue(fields["joinCondition"]);
        return [{ object, severity: isGrave ? "error" : "warning", why: "MERGE deletes rows here." }];
      }
      return [
        {
          object,
          severity: clauses.includes('"CMD_UPDATE"') ? "warning" : "info",
          why: "MERGE changes rows here.",
        },
      ];
    });
}

/** A write inside a query, or beside another write in WITH, and an upsert from a query. */
function insideQuery({ node }: StatementView, scope: Scope): readonly Hit[] {
  const shown = writeKindOf(node);
  return writesIn(node).flatMap(({ kind, table, fields }): readonly Hit[] => {
    if (isOwnTable(scope, table)) return [];
    const object = show(table);
    if (kind !== shown && kind !== "merge")
      return [{ object, severity: kind === "insert" ? "info" : "warning", why: `It runs a ${kind} inside.` }];
    const conflict = isRecord(fields["onConflictClause"]) ? fields["onConflictClause"] : {};
    if (conflict["action"] !== "ONCONFLICT_UPDATE") return [];
    const isSeed = JSON.stringify(fields["selectStmt"] ?? {}).includes('"valuesLists"');
    return [{ object, severity: isSeed ? "info" : "warning", why: "Rows that exist are overwritten." }];
  });
}

/** Schemas whose functions are known, or belong to the platform. */
const KNOWN =
  /^(?:pg_catalog|information_schema|extensions|auth|storage|vault|cron|pgmq|graphql|net|realtime|supabase_\w+|pg_temp)$/;

function calls({ node }: StatementView, scope: Scope): readonly Hit[] {
  if ("CallStmt" in node) {
    const name = nameOfList(node.CallStmt.funccall?.funcname);
    return [
      {
        object: show(name),
        why: "What a procedure does, this statement does not tell.",
        needs: "the procedure's body",
      },
    ];
  }
  if ("RuleStmt" in node) {
    const table = nameOfRange(node.RuleStmt.relation);
    const isInstead = node.RuleStmt.instead === true && !isOwnTable(scope, table);
    return isInstead
      ? [{ object: show(table), why: "Something else runs from now on when the table is written to." }]
      : [];
  }
  if (!("SelectStmt" in node)) return [];
  const called = functionCalls(node);
  if (called.some(({ name }) => name === unknownName))
    return [
      { object: "execute", why: "It runs a text that only the run puts together.", needs: "a rehearsal" },
    ];
  return called
    .filter(
      ({ schema, name }) => schema !== undefined && !KNOWN.test(schema) && !isStable(schema, name, scope),
    )
    .map(({ schema, name }) => ({
      object: `${schema ?? ""}.${name}`,
      why: "What a function does, this statement does not tell.",
      needs: "the function's body",
    }));
}

function isStable(schema: string, name: string, { live, made }: Scope): boolean {
  if (made.has("routine", `${schema}.${name}`)) return false;
  const own = live?.all("function").filter(({ id }) => id.schema === schema && id.name === name) ?? [];
  return own.length > 0 && own.every(({ attributes }) => attributes["volatility"] !== undefined);
}
