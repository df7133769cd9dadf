import { joinName, toIdentifier } from "./identifier.ts";
import type { ObjectSubject } from "./subject.ts";

interface TouchFunction {
  readonly sql: string;
  readonly dropTrigger: string;
  readonly dropFunction: string;
}

/** A trigger that keeps `updated_at` current, with a function of the table's own, so that dropping the table can take it along. */
export function touchFunction(table: ObjectSubject): TouchFunction {
  const name = toIdentifier(joinName(table.name, "set_updated_at"));
  const functionSql = `${toIdentifier(table.schema)}.${name}`;
  return {
    sql: `create function ${functionSql}()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

create trigger ${name}
before update on ${table.sql}
for each row execute function ${functionSql}();
`,
    dropTrigger: `drop trigger ${name} on ${table.sql};\n`,
    dropFunction: `drop function ${functionSql}();\n`,
  };
}
