import { quoteLiteral } from "../../sql/quote.ts";
import { guessColumn } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { parseColumn, type ColumnSubject } from "./subject.ts";
import { needsSubject, purposeOf, type RenderedTemplate, type TemplateFacts } from "./template.ts";

/** What a column's name says about its type; the first that fits. */
const typesByName: readonly { readonly pattern: RegExp; readonly type: string }[] = [
  { pattern: /_id$/, type: "uuid" },
  { pattern: /_at$/, type: "timestamptz" },
  { pattern: /(^|_)(date|day|on)$/, type: "date" },
  { pattern: /^(is|has|can|was)_/, type: "boolean not null default false" },
  { pattern: /(^|_)(amount|price|total|cost|balance)$/, type: "numeric(12, 2)" },
  { pattern: /(^|_)(count|quantity|position|number)$/, type: "integer" },
  { pattern: /(^|_)(metadata|settings|payload|preferences)$/, type: "jsonb" },
];

/** A column, typed by what its name says and indexed where it looks like a foreign key. */
export function columnTemplate(facts: TemplateFacts): RenderedTemplate {
  const subject = parseColumn(facts.subject ?? guessColumn(facts.name, ["column"]) ?? "");
  if (subject === undefined) return needsSubject("Give the column as subject, such as orders.status.");
  const { table, column, columnSql } = subject;
  const type = typesByName.find(({ pattern }) => pattern.test(column))?.type ?? "text";
  return {
    kind: "rendered",
    sql: `alter table ${table.sql}
  add column ${columnSql} ${type};

comment on column ${table.sql}.${columnSql} is ${quoteLiteral(purposeOf(facts))};
${column.endsWith("_id") ? `\n${foreignKeyIndex(subject)}` : ""}`,
    rollback: `alter table ${table.sql}\n  drop column ${columnSql};\n`,
  };
}

function foreignKeyIndex({ table, column, columnSql }: ColumnSubject): string {
  const name = toIdentifier(joinName(`${table.name}_${column}`, "idx"));
  return `-- Where the column refers to a table, add: references public.<table> (id)
create index ${name} on ${table.sql} (${columnSql});
`;
}
