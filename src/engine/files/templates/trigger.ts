import { guessTable } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { parseObject, type ObjectSubject } from "./subject.ts";
import { needsSubject, type RenderedTemplate, type TemplateFacts } from "./template.ts";
import { touchFunction } from "./touch-function.ts";

/** A trigger with its function: one that keeps `updated_at` current where the name says so, else one that changes nothing yet. */
export function triggerTemplate(facts: TemplateFacts): RenderedTemplate {
  const table = parseObject(facts.subject ?? guessTable(facts.name, ["trigger", "updated_at"]) ?? "");
  if (table === undefined)
    return needsSubject("Give the trigger's table as subject, such as orders or public.orders.");
  if (!/updated_at|touch|timestamp/.test(facts.name)) return rowTrigger(table);
  const touch = touchFunction(table);
  return { kind: "rendered", sql: touch.sql, rollback: `${touch.dropTrigger}${touch.dropFunction}` };
}

function rowTrigger(table: ObjectSubject): RenderedTemplate {
  const name = toIdentifier(joinName(table.name, "before_write"));
  const functionSql = `${toIdentifier(table.schema)}.${name}`;
  return {
    kind: "rendered",
    sql: `create function ${functionSql}()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- Change or check new here; name every object with its schema.
  return new;
end;
$$;

create trigger ${name}
before insert or update on ${table.sql}
for each row execute function ${functionSql}();
`,
    rollback: `drop trigger ${name} on ${table.sql};\ndrop function ${functionSql}();\n`,
  };
}
