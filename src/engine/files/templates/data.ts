import { guessColumn } from "./guess-subject.ts";
import { joinName, toIdentifier } from "./identifier.ts";
import { parseColumn } from "./subject.ts";
import { needsSubject, type RenderedTemplate, type TemplateFacts } from "./template.ts";

const rowsAtOnce = 1000;

/** A change of rows in batches, which first keeps what they were. The table needs a primary key named id. */
export function dataTemplate(facts: TemplateFacts): RenderedTemplate {
  const subject = parseColumn(facts.subject ?? guessColumn(facts.name, ["data", "column", "values"]) ?? "");
  if (subject === undefined)
    return needsSubject("Give the column to fill as subject, such as orders.status.");
  const { table, column, columnSql } = subject;
  const backup = `${toIdentifier(table.schema)}.${toIdentifier(joinName(`${table.name}_${column}`, "before"))}`;
  const columns = column === "id" ? "id" : `id, ${columnSql}`;
  return {
    kind: "rendered",
    sql: `-- 1. Keep what the rows are now, for the way back. Nobody reads the copy through the API.
create table ${backup} as
select ${columns}
from ${table.sql}
where ${columnSql} is null;

alter table ${backup} add primary key (id);
alter table ${backup} enable row level security;

-- 2. Change exactly those rows, ${rowsAtOnce} at a time.
do $$
declare
  last_id ${table.sql}.id%type;
  batch_end ${table.sql}.id%type;
begin
  loop
    select batch.id into batch_end
    from (
      select kept.id
      from ${backup} as kept
      where last_id is null or kept.id > last_id
      order by kept.id
      limit ${rowsAtOnce}
    ) as batch
    order by batch.id desc
    limit 1;
    exit when batch_end is null;

    update ${table.sql} as target
    set ${columnSql} = default -- The new value goes here.
    from ${backup} as kept
    where target.id = kept.id
      and (last_id is null or kept.id > last_id)
      and kept.id <= batch_end;
    last_id := batch_end;
  end loop;
end;
$$;
`,
    rollback: `update ${table.sql} as target
set ${columnSql} = kept.${columnSql}
from ${backup} as kept
where target.id = kept.id;

drop table ${backup};
`,
  };
}
