import type { Node } from "../../sql/parse.ts";
import { functionCalls } from "../expressions.ts";
import { show, nameOfRange } from "../names.ts";
import { routineOf } from "../routines.ts";
import type { Rule, Hit } from "../rule.ts";
import { isDefinition } from "../writes.ts";

const FUNCTIONS =
  /^(?:dblink\w*|http|http_(?:get|post|put|patch|delete|head)|lo_import|lo_export|pg_read_\w*file|pg_ls_\w+|pg_file_\w+)$/;
const EXTENSIONS =
  /^(?:dblink|http|pg_net|postgres_fdw|file_fdw|adminpack|plpython3?u|plperlu|pltclu|wrappers|aws_s3|aws_lambda)$/;
const UNTRUSTED = /^(?:c|internal|plpython3?u|plperlu|pltclu|plsh)$/;

export const egress: Rule = {
  id: "S23",
  name: "egress",
  group: "security",
  severity: "warning",
  detects:
    "Ways out of the database: dblink, http, COPY to files and programs, servers, event triggers, untrusted languages",
  why: "What it sends or reads outside is not undone by a rollback, and not held back by any policy.",
  rewrite: "Do it from the application, or in a function that only its owner may call.",
  check: ({ node }) => [...copies(node), ...calls(node), ...definitions(node)],
};

function copies(node: Node): readonly Hit[] {
  if ("LoadStmt" in node) return [{ object: node.LoadStmt.filename ?? "", severity: "error" }];
  if (!("CopyStmt" in node)) return [];
  const { is_program, filename, relation } = node.CopyStmt;
  if (is_program === true)
    return [
      { object: show(nameOfRange(relation)), severity: "error", why: "It runs a program on the server." },
    ];
  return filename === undefined
    ? []
    : [
        {
          object: show(nameOfRange(relation)),
          severity: "error",
          why: "It reads or writes a file on the server.",
        },
      ];
}

function calls(node: Node): readonly Hit[] {
  if (isDefinition(node)) return [];
  return functionCalls(node)
    .filter(({ schema, name }) => FUNCTIONS.test(name) || schema === "net")
    .map(({ schema, name }) => ({ object: schema === undefined ? name : `${schema}.${name}` }));
}

function definitions(node: Node): readonly Hit[] {
  if ("CreateForeignServerStmt" in node) return [{ object: node.CreateForeignServerStmt.servername ?? "" }];
  if ("AlterForeignServerStmt" in node) return [{ object: node.AlterForeignServerStmt.servername ?? "" }];
  if ("CreateFdwStmt" in node) return [{ object: node.CreateFdwStmt.fdwname ?? "" }];
  if ("CreateUserMappingStmt" in node) return [{ object: node.CreateUserMappingStmt.servername ?? "" }];
  if ("CreateSubscriptionStmt" in node) return [{ object: node.CreateSubscriptionStmt.subname ?? "" }];
  if ("CreateEventTrigStmt" in node)
    return [
      {
        object: node.CreateEventTrigStmt.trigname ?? "",
        why: "It runs at every change of the schema, of anybody, and can make them all fail.",
      },
    ];
  if ("CreatePLangStmt" in node) return [{ object: node.CreatePLangStmt.plname ?? "" }];
  if ("CreateExtensionStmt" in node && EXTENSIONS.test(node.CreateExtensionStmt.extname ?? ""))
    return [
      {
        object: node.CreateExtensionStmt.extname ?? "",
        why: "It opens a way out of the database to whoever may call its functions.",
      },
    ];
  const routine = routineOf(node);
  if (routine === undefined) return [];
  if (UNTRUSTED.test(routine.language))
    return [
      {
        object: show(routine.name),
        why: "A function in this language can do on the server whatever the server can.",
      },
    ];
  const sends = /\b(?:net\.http_\w+|dblink\w*|http_(?:get|post|put|delete))\s*\(/i.test(routine.body);
  return sends
    ? [
        {
          object: show(routine.name),
          severity: routine.isDefiner && !routine.returnsTrigger ? "warning" : "info",
          why: "The function sends requests out of the database.",
        },
      ]
    : [];
}
