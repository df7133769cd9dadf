import { constantText } from "../../sql/always-true.ts";
import type { Node } from "../../sql/parse.ts";
import { isRecord } from "../../sql/walk-tree.ts";
import { createdColumns } from "../alter-table.ts";
import { rowSecurityAfter } from "../exposed-tables.ts";
import { functionCalls, columnsIn } from "../expressions.ts";
import { isOpenRole } from "../grants.ts";
import { show, nameOfRange, keyOf, isExposed } from "../names.ts";
import { policyExpressions, policyOf } from "../policies.ts";
import type { Rule, Hit } from "../rule.ts";
import type { Scope } from "../scope.ts";
import { writesIn } from "../writes.ts";

const SENSITIVE =
  /^(?:.*_)?(?:password|passwd|pwd|password_hash|secret|secret_key|api_key|apikey|access_token|refresh_token|private_key|ssn|social_security\w*|credit_card\w*|card_number|cvv|cvc|iban|passport\w*|tax_id)$/i;

export const sensitiveExposure: Rule = {
  id: "S13",
  name: "sensitive-exposure",
  group: "security",
  severity: "warning",
  detects:
    "Sensitive columns in a table without row level security, public buckets, and policies that open a bucket's files to everyone",
  why: "It can be read through the API by whoever has the public key.",
  rewrite: "Keep secrets in the vault or in a schema that is not exposed; make buckets private.",
  check: ({ node }, scope) => [...columns(node, scope), ...buckets(node), ...openBuckets(node)],
};

function columns(node: Node, scope: Scope): readonly Hit[] {
  if (!("CreateStmt" in node) || scope.live?.isSupabase === false) return [];
  const table = nameOfRange(node.CreateStmt.relation);
  if (
    !isExposed(table.schema) ||
    node.CreateStmt.relation?.relpersistence === "t" ||
    rowSecurityAfter(table, scope) !== false
  )
    return [];
  return createdColumns(node)
    .filter(({ colname = "" }) => SENSITIVE.test(colname))
    .map(({ colname = "" }) => ({ object: `${show(table)}.${colname}`, severity: "error" }));
}

/** `insert into storage.buckets (…, public) values (…, true)`, and an update that makes one public. */
function buckets(node: Node): readonly Hit[] {
  return writesIn(node).flatMap(({ kind, table, fields }): readonly Hit[] => {
    if (keyOf(table) !== "storage.buckets") return [];
    const hit = {
      object: "storage.buckets",
      why: "Whoever knows a file's name reads it: the bucket is public.",
    };
    if (kind === "insert") return insertsPublic(fields) ? [hit] : [];
    const targets: readonly unknown[] = Array.isArray(fields["targetList"]) ? fields["targetList"] : [];
    const makesPublic = targets.some(
      (each) =>
        isRecord(each) &&
        isRecord(each["ResTarget"]) &&
        each["ResTarget"]["name"] === "public" &&
        constantText(each["ResTarget"]["val"]) === "true",
    );
    return makesPublic ? [hit] : [];
  });
}

function insertsPublic(fields: Readonly<Record<string, unknown>>): boolean {
  const columns: readonly unknown[] = Array.isArray(fields["cols"]) ? fields["cols"] : [];
  const at = columns.findIndex(
    (each) => isRecord(each) && isRecord(each["ResTarget"]) && each["ResTarget"]["name"] === "public",
  );
  const select = isRecord(fields["selectStmt"]) ? fields["selectStmt"]["SelectStmt"] : undefined;
  const rows: readonly unknown[] =
    isRecord(select) && Array.isArray(select["valuesLists"]) ? select["valuesLists"] : [];
  return (
    at >= 0 &&
    rows.some(
      (row) =>
        isRecord(row) &&
        isRecord(row["List"]) &&
        Array.isArray(row["List"]["items"]) &&
        constantText(row["List"]["items"][at]) === "true",
    )
  );
}

/** A policy on storage.objects that asks for nothing but the bucket lets everyone list its files, or write them. */
function openBuckets(node: Node): readonly Hit[] {
  const policy = policyOf(node);
  if (policy === undefined || keyOf(policy.table) !== "storage.objects") return [];
  if (!policy.roles.some(isOpenRole) || !policyExpressions(policy).every(asksOnlyBucket)) return [];
  const reads = policy.command === "select" || policy.command === "all";
  const why = reads
    ? "Everyone can list the names of all files in the bucket."
    : "Everyone can add, change or delete files in the bucket.";
  return [{ object: `storage.objects.${policy.name}`, why }];
}

function asksOnlyBucket(condition: unknown): boolean {
  return (
    columnsIn(condition).every((column) => column === "bucket_id") && functionCalls(condition).length === 0
  );
}
