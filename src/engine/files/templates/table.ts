import { quoteLiteral } from "../../sql/quote.ts";
import { guessTable } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { parseObject, type ObjectSubject } from "./subject.ts";
import { needsSubject, purposeOf, type RenderedTemplate, type TemplateFacts } from "./template.ts";
import { ownerPolicies } from "./owner-policies.ts";
import { touchFunction } from "./touch-function.ts";

/** A table with audit columns, its foreign key's index, row level security for its owners, and `updated_at` kept current. */
export function tableTemplate(facts: TemplateFacts): RenderedTemplate {
  const table = parseObject(facts.subject ?? guessTable(facts.name, ["table"]) ?? "");
  if (table === undefined) return needsSubject("Give the table as subject, such as orders or public.orders.");
  const touch = touchFunction(table);
  return {
    kind: "rendered",
    sql: [
      createTable(table, purposeOf(facts)),
      ownerIndex(table),
      accessRights(table),
      ownerPolicies(table, "created_by").sql,
      touch.sql,
    ].join("\n"),
    rollback: `drop table ${table.sql};\n${touch.dropFunction}`,
  };
}

function createTable(table: ObjectSubject, purpose: string): string {
  return `create table ${table.sql} (
  id uuid primary key default gen_random_uuid(),
  -- Columns of its own go here.
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid default auth.uid() references auth.users (id) on delete set null
);

comment on table ${table.sql} is ${quoteLiteral(purpose)};
comment on column ${table.sql}.created_by is 'The user who owns the row; set by the database.';
`;
}

function ownerIndex(table: ObjectSubject): string {
  return `create index ${toIdentifier(joinName(table.name, "created_by_idx"))} on ${table.sql} (created_by);\n`;
}

function accessRights(table: ObjectSubject): string {
  return `alter table ${table.sql} enable row level security;

grant select, insert, update, delete on table ${table.sql} to authenticated, service_role;
`;
}
