create schema supabase_migrations;
create table supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text,
  created_by text,
  idempotency_key text unique,
  rollback text[]
);
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20250901081505', 'create_companies', array['create table public.companies (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.companies enable row level security;']),
  ('20250902081518', 'create_contacts', array['create table public.contacts (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.contacts enable row level security;']),
  ('20250903081531', 'create_deals', array['create table public.deals (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.deals enable row level security;']),
  ('20250904081544', 'create_notes', array['create table public.notes (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.notes enable row level security;']),
  ('20250905081510', 'create_tasks', array['create table public.tasks (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.tasks enable row level security;']),
  ('20250906081523', 'create_tags', array['create table public.tags (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.tags enable row level security;']),
  ('20250907081536', 'create_stages', array['create table public.stages (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.stages enable row level security;']),
  ('20250908081549', 'create_pipelines', array['create table public.pipelines (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.pipelines enable row level security;']),
  ('20250909081515', 'create_activities', array['create table public.activities (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.activities enable row level security;']),
  ('20250910081528', 'create_invoices', array['create table public.invoices (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.invoices enable row level security;']),
  ('20250911081541', 'create_products', array['create table public.products (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.products enable row level security;']),
  ('20250912081507', 'create_quotes', array['create table public.quotes (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.quotes enable row level security;']),
  ('20250913081520', 'create_teams', array['create table public.teams (
  id bigint generated always as identity primary key,
  title text not null
);

alter table public.teams enable row level security;']),
  ('20250914081533', 'add_owner_to_companies', array['alter table public.companies add column owner_id uuid;

create index companies_owner_id_idx on public.companies (owner_id);']),
  ('20250915081546', 'add_owner_to_contacts', array['alter table public.contacts add column owner_id uuid;

create index contacts_owner_id_idx on public.contacts (owner_id);']),
  ('20250916081512', 'add_owner_to_deals', array['alter table public.deals add column owner_id uuid;

create index deals_owner_id_idx on public.deals (owner_id);']),
  ('20250917081525', 'add_owner_to_notes', array['alter table public.notes add column owner_id uuid;

create index notes_owner_id_idx on public.notes (owner_id);']),
  ('20250918081538', 'add_owner_to_tasks', array['alter table public.tasks add column owner_id uuid;

create index tasks_owner_id_idx on public.tasks (owner_id);']),
  ('20250919081551', 'add_owner_to_tags', array['alter table public.tags add column owner_id uuid;

create index tags_owner_id_idx on public.tags (owner_id);']),
  ('20250920081517', 'add_owner_to_stages', array['alter table public.stages add column owner_id uuid;

create index stages_owner_id_idx on public.stages (owner_id);']),
  ('20250921081530', 'add_owner_to_pipelines', array['alter table public.pipelines add column owner_id uuid;

create index pipelines_owner_id_idx on public.pipelines (owner_id);']),
  ('20250922081543', 'add_owner_to_activities', array['alter table public.activities add column owner_id uuid;

create index activities_owner_id_idx on public.activities (owner_id);']),
  ('20250923081509', 'add_owner_to_invoices', array['alter table public.invoices add column owner_id uuid;

create index invoices_owner_id_idx on public.invoices (owner_id);']),
  ('20250924081522', 'add_owner_to_products', array['alter table public.products add column owner_id uuid;

create index products_owner_id_idx on public.products (owner_id);']),
  ('20250925081535', 'add_owner_to_quotes', array['alter table public.quotes add column owner_id uuid;

create index quotes_owner_id_idx on public.quotes (owner_id);']),
  ('20250926081548', 'add_owner_to_teams', array['alter table public.teams add column owner_id uuid;

create index teams_owner_id_idx on public.teams (owner_id);']),
  ('20250927081514', 'add_policies_to_companies', array['create policy companies_read on public.companies for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20250928081527', 'add_policies_to_contacts', array['create policy contacts_read on public.contacts for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20250929081540', 'add_policies_to_deals', array['create policy deals_read on public.deals for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20250930081506', 'add_policies_to_notes', array['create policy notes_read on public.notes for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251001081519', 'add_policies_to_tasks', array['create policy tasks_read on public.tasks for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251002081532', 'add_policies_to_tags', array['create policy tags_read on public.tags for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251003081545', 'add_policies_to_stages', array['create policy stages_read on public.stages for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251004081511', 'add_policies_to_pipelines', array['create policy pipelines_read on public.pipelines for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251005081524', 'add_policies_to_activities', array['create policy activities_read on public.activities for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251006081537', 'add_policies_to_invoices', array['create policy invoices_read on public.invoices for select to authenticated using (owner_id = (select auth.uid()));']),
  ('20251007081550', 'add_policies_to_products', array['create policy products_read on public.products for select to authenticated using (owner_id = (select auth.uid()));']);
