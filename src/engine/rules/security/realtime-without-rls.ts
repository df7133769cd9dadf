import type { Node } from "../../sql/parse.ts";
import { rowSecurityAfter } from "../exposed-tables.ts";
import { show, nameOfRange } from "../names.ts";
import type { Rule, Hit } from "../rule.ts";
import { isUnknownName, type Scope } from "../scope.ts";

export const realtimeWithoutRls: Rule = {
  id: "S24",
  name: "realtime-without-rls",
  group: "security",
  severity: "warning",
  detects: "A table without row level security in a publication, or all tables in one",
  why: "Realtime sends every change of every row to whoever listens.",
  rewrite: "Enable row level security on the table first, with a policy for select.",
  check: ({ node }, scope) => {
    if ("CreatePublicationStmt" in node && node.CreatePublicationStmt.for_all_tables === true)
      return [
        {
          object: node.CreatePublicationStmt.pubname ?? "",
          why: "Every table that is ever made is published.",
        },
      ];
    const objects =
      "AlterPublicationStmt" in node && node.AlterPublicationStmt.action !== "AP_DropObjects"
        ? node.AlterPublicationStmt.pubobjects
        : "CreatePublicationStmt" in node
          ? node.CreatePublicationStmt.pubobjects
          : undefined;
    const publication =
      "AlterPublicationStmt" in node
        ? node.AlterPublicationStmt.pubname
        : "CreatePublicationStmt" in node
          ? node.CreatePublicationStmt.pubname
          : undefined;
    return (objects ?? [])
      .filter((each) => publication === REALTIME || reachesSchema(each))
      .flatMap((each) => judge(each, scope));
  },
};

/** The one publication that Realtime sends to clients; others go to replicas, which policies do not hold for. */
const REALTIME = "supabase_realtime";

function reachesSchema(object: Node): boolean {
  return "PublicationObjSpec" in object && object.PublicationObjSpec.pubobjtype !== "PUBLICATIONOBJ_TABLE";
}

function judge(object: Node, scope: Scope): readonly Hit[] {
  if (!("PublicationObjSpec" in object)) return [];
  const { pubobjtype, pubtable, name } = object.PublicationObjSpec;
  if (pubobjtype !== "PUBLICATIONOBJ_TABLE")
    return [
      { object: name ?? "", why: "Every table of the schema is published, also those that are made later." },
    ];
  const table = nameOfRange(pubtable?.relation);
  const isOn = rowSecurityAfter(table, scope);
  if (isOn === true || isUnknownName(table)) return [];
  return [
    isOn === false
      ? { object: show(table), severity: "error" }
      : { object: show(table), needs: "whether row level security is on" },
  ];
}
