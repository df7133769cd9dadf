import type { Choose } from "./choose.ts";

/** Names and texts that break whoever forgets to quote them. */
export function writeHostile(choose: Choose): string {
  const schema = choose("hostile.schema", `"Odd ""S"`, `"Odd ""S"`, `"a.b"`);
  const table = `${schema}.${choose("hostile.table", `"T; drop table users; --"`, `"select"`, `"ÄÖ'ß $1"`)}`;
  const column = choose("hostile.column", `"C 1"`, `"group"`, `"x""y"`);
  return `
    create schema ${schema};
    create type ${schema}."Mood's" as enum (${choose("hostile.labels", `'it''s', 'a,b'`, `'it''s', 'a,b', E'back\\\\slash'`, `'{}', 'it''s', '"q"', 'a,b'`)});
    create function ${schema}."F n"("In" ${schema}."Mood's" default 'it''s', b text default 'x, (y) DEFAULT z') returns text immutable language sql as ${choose("hostile.body", `'select $1::text'`, `$f$select E'\\n' || $2 -- ;$f$`)};
    create table ${table} (
      ${column} ${schema}."Mood's" ${choose("hostile.default", "", "default 'it''s'", "default 'a,b' not null")},
      "%s" text ${choose("hostile.text", "", `default E'tab\\t\\\\ ''q''"'`, `check ("%s" <> ';--')`)},
      "lower" text[] ${choose("hostile.array", "", `default '{"a,b",NULL}'`)},
      constraint "Key 1" primary key ("%s")
    );
    ${choose("hostile.index", "", `create index "I ""x" on ${table} (${column}) where ${column} = 'it''s';`, `create index "I ""x" on ${table} ("lower", ("%s" || '''')) with (fillfactor = 50);`)}
    ${choose("hostile.view", "", `create view ${schema}."V ON USING" as select ${column} as "as", "%s" from ${table};`, `create view ${schema}."V ON USING" as select ${schema}."F n"(${column}) as "as", 'x;y'::text as "%s" from ${table};`)}
    ${choose("hostile.policy", "", `create policy "P ON x" on ${table} to "Mixed ""Role" using ("%s" = 'it''s');`, `create policy "P ON x" on ${table} using (${column} = 'a,b');`)}
    ${choose("hostile.comment", "", `comment on column ${table}.${column} is 'it''s "c" \\ $$';`, `comment on table ${table} is E'two\\nlines';`)}
    ${choose("hostile.grant", "", `grant select (${column}) on ${table} to "Mixed ""Role"; grant usage on schema ${schema} to "Mixed ""Role";`)}
    ${choose("hostile.trigger", "", `create trigger "T ON x" before update of ${column} on ${table} for each row execute function touch('x ON y');`)}
    ${choose("hostile.sequence", "", `create sequence ${schema}."Q 1" owned by ${table}."%s";`, `create sequence ${schema}."Q 1"; alter table ${table} add "n n" int default nextval('${schema.replaceAll("'", "''")}."Q 1"');`)}`;
}
