import type { Node } from "../../sql/parse.ts";
import { namesOf } from "../../sql/walk-tree.ts";
import {
  addedColumns,
  addedConstraints,
  constraintsOf,
  createdColumns,
  type AddedConstraint,
} from "../alter-table.ts";
import { readType } from "../expressions.ts";
import { show, nameOfRange, partsOfObject } from "../names.ts";
import { findOption } from "../options.ts";
import type { Rule, Hit } from "../rule.ts";
import type { Scope } from "../scope.ts";

/** Extensions that Supabase installs itself, so that IF NOT EXISTS does nothing, or that bring their own schema. */
const PLACED =
  /^(?:uuid-ossp|pgcrypto|pgjwt|pg_stat_statements|plpgsql|pg_cron|pg_net|pgsodium|supabase_vault|pg_graphql|pgmq|pgtap|timescaledb|postgis_tiger_geocoder|postgis_topology|pg_tle|vault|http_placeholder)$/;
const REG_TYPE =
  /^reg(?:proc|procedure|oper|operator|class|collation|config|dictionary|namespace|role|type)$/;

export const extensionAndTypes: Rule = {
  id: "S14",
  name: "extension-and-types",
  group: "security",
  severity: "warning",
  detects:
    "An extension in public, a column of a reg… type, a foreign key to auth that is not to its primary key",
  why: "An extension's functions in public are open to the API, and may hide the project's own.",
  rewrite: "create extension … with schema extensions.",
  check: ({ node }, scope) => [...extension(node), ...columns(node), ...keys(node, scope)],
};

function extension(node: Node): readonly Hit[] {
  if ("CreateExtensionStmt" in node) {
    const { extname = "", options } = node.CreateExtensionStmt;
    const schema = findOption(options, "schema");
    if (schema === undefined ? PLACED.test(extname) : schema !== "public") return [];
    return [
      schema === "public"
        ? { object: extname }
        : { object: extname, needs: "the schema that the search path leads to: public, by default" },
    ];
  }
  if (!("AlterObjectSchemaStmt" in node) || node.AlterObjectSchemaStmt.objectType !== "OBJECT_EXTENSION")
    return [];
  const { object, newschema } = node.AlterObjectSchemaStmt;
  return newschema === "public"
    ? [{ object: object === undefined ? "" : partsOfObject(object).join(".") }]
    : [];
}

function columns(node: Node): readonly Hit[] {
  const made =
    "CreateStmt" in node
      ? createdColumns(node).map((column) => ({ table: nameOfRange(node.CreateStmt.relation), column }))
      : [];
  return [...made, ...addedColumns(node)]
    .filter(({ column }) => REG_TYPE.test(readType(column.typeName).name))
    .map(({ table, column }) => ({
      object: `${show(table)}.${column.colname ?? ""}`,
      why: "pg_upgrade refuses a database with such a column.",
      rewrite: "text, or oid.",
    }));
}

function keys(node: Node, _scope: Scope): readonly Hit[] {
  return allConstraints(node).flatMap(({ pktable, pk_attrs }) => {
    const columns = namesOf(pk_attrs);
    const isOther = pktable?.schemaname === "auth" && columns.length > 0 && columns.join() !== "id";
    return isOther
      ? [
          {
            object: show(nameOfRange(pktable)),
            why: "Supabase may change everything in auth but the primary keys.",
            rewrite: "references auth.users (id).",
          },
        ]
      : [];
  });
}

function allConstraints(node: Node): readonly AddedConstraint["constraint"][] {
  const added = addedConstraints(node).map(({ constraint }) => constraint);
  if (!("CreateStmt" in node)) return added;
  const own = (node.CreateStmt.tableElts ?? []).flatMap((each) =>
    "Constraint" in each ? [each.Constraint] : [],
  );
  return [...added, ...own, ...createdColumns(node).flatMap(constraintsOf)];
}
