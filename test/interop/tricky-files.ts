/** Files that writers split and record with care; all of them are SQL that the CLI and Godwit can both run. */
export const trickyFiles: Readonly<Record<string, string>> = {
  "20260101000001_many_statements.sql": `-- Migration: many statements
create table public.companies (
  id bigint generated always as identity primary key,
  title text not null default 'a;b' -- not the end; either
);

/* a comment with a ; and /* one inside */ it */
create index companies_title_idx on public.companies (title);;
insert into public.companies (title) values ('it''s; --'), (E'back\\\\slash\\';'), ($q$dollar; $x$$q$);
comment on table public.companies is 'Who we sell to';
-- the end
`,
  "20260101000002_atomic_function.sql": `create function public.grade(points int) returns text
language sql
begin atomic
  select case when points > 90 then 'a' else 'b' end;
  select case when points > 50 then 'c' else case when points > 10 then 'd' end end;
end;

create or replace function public.touch() returns trigger language plpgsql as $$
begin
  if new.title is null then
    new.title := 'none; yet';
  end if;
  return new;
end;
$$;
create trigger companies_touch before insert on public.companies for each row execute function public.touch();
`,
  "20260101000003_rules_and_policies.sql": `create view public.company_names as select id, title from public.companies;
create rule company_names_delete as on delete to public.company_names do instead nothing;
alter table public.companies enable row level security;
create policy companies_read on public.companies for select to authenticated using ((select auth.uid()) is not null);
`,
  "20260101000004_crlf.sql":
    "create table public.notes (id int);\r\n\r\n-- two\r\ncomment on table public.notes is 'one\r\ntwo';\r\n",
  "20260101000005_byte_order_mark.sql":
    "\uFEFFcreate table public.tags (id int);\nselect 'ß; 🐦 é' as bird;\n",
  "20260101000006_own_transaction.sql": `begin;
create table public.stages (id int);
insert into public.stages values (1);
commit;
`,
  "20260101000007_only_a_comment.sql": "-- nothing to do here; really\n",
  "20260101000008_concurrent_index.sql": `create table public.deals (id int, stage int);
create index concurrently deals_stage_idx on public.deals (stage);
comment on index public.deals_stage_idx is 'built alone';
`,
  "20260101000009_autocommit.sql": `-- pg-delta: transaction=false
create type public.mood as enum ('calm');
alter type public.mood add value 'keen';
create table public.moods (mood public.mood default 'keen');
`,
  "20260101000010_do_block.sql": `set local check_function_bodies = off;
do $outer$
begin
  execute $inner$ create table public.made_inside (id int); $inner$;
end
$outer$;
create function public.later() returns bigint language sql as 'select count(*) from public.not_there_yet';
select U&'d\\0061t\\+000061' as data, "id" as "odd;name" from public.notes;
`,
  "20260101000011_empty.sql": "",
  "20260101000012_blank.sql": "\n ;; \n",
  "20260101000013_nothing_behind.sql": "select 1;select 2 /* no line end */",
};

/** Valid SQL that the CLI cuts apart (docs/decisions/0003), so that only Godwit can apply it. */
export const filesOnlyGodwitCanRun: Readonly<Record<string, string>> = {
  "20260101000014_rule_with_actions.sql": `create table public.log (id int);
create rule companies_log as on update to public.companies do also (
  insert into public.log values (old.id);
  insert into public.log values ((new.id))
);
`,
};
