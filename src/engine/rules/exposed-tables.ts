import type { Node } from "../sql/parse.ts";
import { nameOfRange, keyOf, type Name } from "./names.ts";
import type { Hit } from "./rule.ts";
import type { Scope } from "./scope.ts";

/** The lasting tables that a statement makes, by CREATE TABLE in its forms, SELECT INTO, or a move into another schema. */
export function tablesMade(node: Node): readonly Name[] {
  if ("CreateStmt" in node)
    return node.CreateStmt.relation?.relpersistence === "t" ? [] : [nameOfRange(node.CreateStmt.relation)];
  if ("CreateTableAsStmt" in node) {
    const { into, objtype } = node.CreateTableAsStmt;
    return objtype !== "OBJECT_TABLE" || into?.rel?.relpersistence === "t" ? [] : [nameOfRange(into?.rel)];
  }
  if ("SelectStmt" in node) {
    const into = node.SelectStmt.intoClause?.rel;
    return into === undefined || into.relpersistence === "t" ? [] : [nameOfRange(into)];
  }
  if ("AlterObjectSchemaStmt" in node && node.AlterObjectSchemaStmt.objectType === "OBJECT_TABLE") {
    const { relation, newschema = "" } = node.AlterObjectSchemaStmt;
    return [{ schema: newschema, name: nameOfRange(relation).name }];
  }
  return [];
}

/** Whether row level security is on once the last migration has run; undefined where nothing tells. */
export function rowSecurityAfter(table: Name, scope: Scope): boolean | undefined {
  const shown = scope.after?.hasRowSecurity(table);
  if (shown !== undefined) return shown;
  const written = scope.outcome.rowSecurityOf(keyOf(table));
  if (written !== undefined) return written;
  const isMadeHere = scope.outcome.has("relation", keyOf(table));
  return isMadeHere ? false : scope.live?.hasRowSecurity(table);
}

/** What a finding says where only the search path, which the text does not tell, decides whether an object is exposed. */
export function whereItLands(name: Name, { live, after }: Scope): Pick<Hit, "severity" | "needs"> {
  if (name.schema !== undefined || live !== undefined || after !== undefined) return {};
  return { severity: "info", needs: "the schema that the search path leads to: public, by default" };
}
