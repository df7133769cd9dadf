import { guessTable } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { ownerPolicies } from "./owner-policies.ts";
import { parseColumn, parseObject, type ObjectSubject } from "./subject.ts";
import { needsSubject, type RenderedTemplate, type TemplateFacts } from "./template.ts";

/** Policies of one table: for its owners where the subject names the owner's column, else reading for signed-in users. */
export function policyTemplate(facts: TemplateFacts): RenderedTemplate {
  const subject = facts.subject ?? guessTable(facts.name, ["policy", "policies", "rls"]) ?? "";
  const owner = parseColumn(subject);
  const table = owner?.table ?? parseObject(subject);
  if (table === undefined) {
    return needsSubject(
      "Give the table as subject, or the column that holds the owner's id, such as orders.created_by.",
    );
  }
  const policies = owner === undefined ? readPolicy(table) : ownerPolicies(table, owner.column);
  return {
    kind: "rendered",
    sql: `alter table ${table.sql} enable row level security;\n\n${policies.sql}`,
    rollback: `-- Row level security stays on: without it every row would be open.\n${policies.drop}`,
  };
}

function readPolicy(table: ObjectSubject): { readonly sql: string; readonly drop: string } {
  const name = toIdentifier(joinName(table.name, "select_signed_in"));
  return {
    sql: `-- Every signed-in user reads every row. Name the owner's column to allow each user their own rows only.
create policy ${name} on ${table.sql}
  for select to authenticated
  using ((select auth.uid()) is not null);
`,
    drop: `drop policy ${name} on ${table.sql};\n`,
  };
}
