import { guessColumn } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { parseColumn } from "./subject.ts";
import { needsSubject, type RenderedTemplate, type TemplateFacts } from "./template.ts";

/** An index, built without stopping writes; it has to be alone in its file, because it cannot run in a transaction. */
export function indexTemplate(facts: TemplateFacts): RenderedTemplate {
  const subject = parseColumn(facts.subject ?? guessColumn(facts.name, ["index", "idx", "indexes"]) ?? "");
  if (subject === undefined)
    return needsSubject("Give the indexed column as subject, such as orders.customer_id.");
  const { table, column, columnSql } = subject;
  const name = toIdentifier(joinName(`${table.name}_${column}`, "idx"));
  return {
    kind: "rendered",
    sql: `-- Built without blocking writes. It runs outside a transaction, so keep it alone in this file.
create index concurrently ${name}
on ${table.sql} (${columnSql});
`,
    rollback: `drop index concurrently ${toIdentifier(table.schema)}.${name};\n`,
  };
}
