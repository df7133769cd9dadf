import type postgres from "postgres";
import type { DetectDriftReport } from "../../src/engine/index.ts";

/** A last migration with one object of each kind that a history may lack. */
export const lastFile = `
  create table public.zz_beds (
    id bigint primary key, label text default 'new', count int generated always as identity, plot text not null
  );
  alter table public.zz_beds enable row level security;
  create policy zz_beds_read on public.zz_beds for select to authenticated using (true);
  create table public.zz_plots (id bigint primary key, label text);
  alter table public.zz_plots enable row level security;
  create index zz_beds_label on public.zz_beds (label);
  create view public.zz_recent with (security_invoker = on) as select id, label from public.zz_beds;
  create materialized view public.zz_counted as select label, count(*) as beds from public.zz_beds group by label;
  create function public.zz_touch() returns trigger language plpgsql set search_path = '' as $$ begin return new; end $$;
  create function public.zz_owned() returns int language sql as 'select 1';
  create trigger zz_beds_touch before update on public.zz_beds for each row execute function public.zz_touch();
  create type public.zz_mood as enum ('sad', 'happy');
  create domain public.zz_short as text check (length(value) < 10);
  create sequence public.zz_numbers;
  create schema zz_reports;`;

/** Something changed by hand: where, how, and the one item that tells it. */
interface HandMade {
  /** Answers one row: the statement to run and a part of the object's name. What the history made is preferred. */
  readonly pick: string;
  readonly item: string;
}

const relations = (condition: string) => `
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and ${condition}
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('e', 'i'))
  order by c.relname like 'zz%', c.relname
  limit 1`;

const named = "c.relname as object";
const only = (statement: string, object: string) =>
  `select $q$${statement}$q$ as statement, '${object}' as object`;

/** Twenty changes, each on an object of its own or on a part that no other touches. */
export const handMade: readonly HandMade[] = [
  {
    item: "security policy only_in_files",
    pick: `
      select format('drop policy %I on %s', p.polname, p.polrelid::regclass) as statement, p.polname as object
      from pg_policy p join pg_class c on c.oid = p.polrelid
      where c.relnamespace = 'public'::regnamespace
      order by c.relname like 'zz%', p.polname, c.relname
      limit 1`,
  },
  {
    item: "security table rowSecurity",
    pick: `select format('alter table %s disable row level security', c.oid::regclass) as statement, ${named}
      ${relations("c.relkind = 'r' and c.relrowsecurity")}`,
  },
  {
    item: "security grant only_in_live",
    pick: `select format('grant update (%I) on %s to anon', a.attname, c.oid::regclass) as statement, ${named}
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attacl is null
      order by c.relname like 'zz%', c.relname limit 1`,
  },
  {
    item: "security view option.security_invoker",
    pick: `select format('alter view %s reset (security_invoker)', c.oid::regclass) as statement, ${named}
      ${relations("c.relkind = 'v' and c.reloptions && array['security_invoker=on', 'security_invoker=true']")}`,
  },
  {
    item: "behavioural default expression",
    pick: `
      select format('alter table %s alter column %I set default %L', c.oid::regclass, a.attname, 'by hand') as statement, c.relname as object
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype and a.atthasdef
        and a.attgenerated = ''
      order by c.relname like 'zz%', c.relname, a.attname
      limit 1`,
  },
  {
    item: "behavioural trigger enabled",
    pick: `
      select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname) as statement, t.tgname as object
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgenabled = 'O'
      order by c.relname like 'zz%', t.tgname
      limit 1`,
  },
  {
    item: "behavioural trigger only_in_live",
    pick: only(
      "create trigger zz_by_hand after insert on auth.users for each row execute function public.zz_touch()",
      "zz_by_hand",
    ),
  },
  {
    item: "behavioural publication_table only_in_live",
    pick: `select format('alter publication supabase_realtime add table %s', c.oid::regclass) as statement, ${named}
      ${relations("c.relkind = 'r' and not exists (select from pg_publication_rel p where p.prrelid = c.oid)")}`,
  },
  {
    item: "security function owner",
    pick: only("alter function public.zz_owned() owner to authenticator", "zz_owned"),
  },
  {
    item: "cosmetic comment only_in_live",
    pick: `select format('comment on table %s is %L', c.oid::regclass, 'by hand') as statement, ${named}
      ${relations("c.relkind = 'r' and obj_description(c.oid, 'pg_class') is null")}`,
  },
  {
    item: "security function setting.search_path",
    pick: only("alter function public.zz_touch() set search_path = public", "zz_touch"),
  },
  {
    item: "cosmetic table option.fillfactor",
    pick: `select format('alter table %s set (fillfactor = 70)', c.oid::regclass) as statement, ${named}
      ${relations("c.relkind = 'r' and c.reloptions is null")}`,
  },
  {
    item: "structural enum labels",
    pick: `
      select format('alter type %s add value %L', t.oid::regtype, 'by hand') as statement, t.typname as object
      from pg_type t
      where t.typnamespace = 'public'::regnamespace and t.typtype = 'e'
      order by t.typname like 'zz%', t.typname
      limit 1`,
  },
  {
    item: "structural constraint only_in_live",
    pick: only("alter domain public.zz_short add constraint by_hand check (value <> 'x')", "by_hand"),
  },
  {
    item: "cosmetic column statisticsTarget",
    pick: `select format('alter table %s alter column %I set statistics 500', c.oid::regclass, a.attname) as statement, ${named}
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      order by c.relname like 'zz%', c.relname limit 1`,
  },
  {
    item: "structural sequence increment",
    pick: only("alter sequence public.zz_numbers increment by 5", "zz_numbers"),
  },
  {
    item: "structural column identity",
    pick: only("alter table public.zz_beds alter column count set generated by default", "count"),
  },
  {
    item: "structural index only_in_live",
    pick: only("create unique index zz_by_hand on public.zz_counted (label)", "zz_by_hand"),
  },
  {
    item: "security default_privilege only_in_live",
    pick: only(
      "alter default privileges in schema zz_reports grant select on tables to authenticator",
      "zz_reports",
    ),
  },
  {
    item: "security policy only_in_live",
    pick: only("create policy zz_by_hand on storage.objects for select to anon using (true)", "zz_by_hand"),
  },
];

/** Makes all of them; answers what the items must say, sorted. */
export async function makeByHand(client: postgres.Sql): Promise<readonly string[]> {
  const told: string[] = [];
  for (const { pick, item } of handMade) {
    const [row] = await client.unsafe<{ statement: string; object: string }[]>(pick);
    if (row === undefined) throw new Error(`Nothing to change for: ${item}`);
    await client.unsafe(row.statement);
    told.push(`${item}: ${row.object}`);
  }
  return told.toSorted();
}

/** The items in the same words, each with the expected name that its object holds, or with the whole object. */
export function describeItems(
  drift: DetectDriftReport["drift"],
  expected: readonly string[],
): readonly string[] {
  return drift
    .map((told) => {
      if (told.layer !== "schema") return JSON.stringify(told);
      const item = `${told.class} ${told.kind} ${told.attribute ?? told.change}: `;
      const fits = (text: string) => text.startsWith(item) && told.object.includes(text.slice(item.length));
      return expected.find(fits) ?? `${item}${told.object}`;
    })
    .toSorted();
}
