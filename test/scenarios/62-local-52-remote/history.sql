create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20250901081600', 'create_companies', array['create table public.companies (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.companies enable row level security']),
  ('20250903081700', 'create_contacts', array['create table public.contacts (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.contacts enable row level security']),
  ('20250905081800', 'create_deals', array['create table public.deals (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.deals enable row level security']),
  ('20250907081900', 'create_notes', array['create table public.notes (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.notes enable row level security']),
  ('20250909082000', 'create_tasks', array['create table public.tasks (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.tasks enable row level security']),
  ('20250911082100', 'create_tags', array['create table public.tags (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.tags enable row level security']),
  ('20250913082200', 'create_stages', array['create table public.stages (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.stages enable row level security']),
  ('20250915081600', 'create_pipelines', array['create table public.pipelines (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.pipelines enable row level security']),
  ('20250917081700', 'create_activities', array['create table public.activities (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.activities enable row level security']),
  ('20250919081800', 'create_invoices', array['create table public.invoices (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.invoices enable row level security']),
  ('20250921081900', 'create_products', array['create table public.products (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.products enable row level security']),
  ('20250923082000', 'create_quotes', array['create table public.quotes (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.quotes enable row level security']),
  ('20250925082100', 'create_teams', array['create table public.teams (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.teams enable row level security']),
  ('20250927082200', 'add_owner_to_companies', array['alter table public.companies add column owner_id uuid', 'create index companies_owner_id_idx on public.companies (owner_id)']),
  ('20250929081600', 'add_owner_to_contacts', array['alter table public.contacts add column owner_id uuid', 'create index contacts_owner_id_idx on public.contacts (owner_id)']),
  ('20251001081700', 'add_owner_to_deals', array['alter table public.deals add column owner_id uuid', 'create index deals_owner_id_idx on public.deals (owner_id)']),
  ('20251003081800', 'add_owner_to_notes', array['alter table public.notes add column owner_id uuid', 'create index notes_owner_id_idx on public.notes (owner_id)']),
  ('20251005081900', 'add_owner_to_tasks', array['alter table public.tasks add column owner_id uuid', 'create index tasks_owner_id_idx on public.tasks (owner_id)']),
  ('20251007082000', 'add_owner_to_tags', array['alter table public.tags add column owner_id uuid', 'create index tags_owner_id_idx on public.tags (owner_id)']),
  ('20251009082100', 'add_owner_to_stages', array['alter table public.stages add column owner_id uuid', 'create index stages_owner_id_idx on public.stages (owner_id)']),
  ('20251011082200', 'add_owner_to_pipelines', array['alter table public.pipelines add column owner_id uuid', 'create index pipelines_owner_id_idx on public.pipelines (owner_id)']),
  ('20251013081600', 'add_owner_to_activities', array['alter table public.activities add column owner_id uuid', 'create index activities_owner_id_idx on public.activities (owner_id)']),
  ('20251015081700', 'add_owner_to_invoices', array['alter table public.invoices add column owner_id uuid', 'create index invoices_owner_id_idx on public.invoices (owner_id)']),
  ('20251017081800', 'add_owner_to_products', array['alter table public.products add column owner_id uuid', 'create index products_owner_id_idx on public.products (owner_id)']),
  ('20251019081900', 'add_owner_to_quotes', array['alter table public.quotes add column owner_id uuid', 'create index quotes_owner_id_idx on public.quotes (owner_id)']),
  ('20251021082000', 'add_owner_to_teams', array['alter table public.teams add column owner_id uuid', 'create index teams_owner_id_idx on public.teams (owner_id)']),
  ('20251023082100', 'add_policies_to_companies', array['create policy companies_read on public.companies for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251025082200', 'add_policies_to_contacts', array['create policy contacts_read on public.contacts for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251027081600', 'add_policies_to_deals', array['create policy deals_read on public.deals for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251029081700', 'add_policies_to_notes', array['create policy notes_read on public.notes for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251031081800', 'add_policies_to_tasks', array['create policy tasks_read on public.tasks for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251102081900', 'add_policies_to_tags', array['create policy tags_read on public.tags for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251104082000', 'add_policies_to_stages', array['create policy stages_read on public.stages for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251106082100', 'add_policies_to_pipelines', array['create policy pipelines_read on public.pipelines for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251108082200', 'add_policies_to_activities', array['create policy activities_read on public.activities for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251110081600', 'add_policies_to_invoices', array['create policy invoices_read on public.invoices for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251112081700', 'add_policies_to_products', array['create policy products_read on public.products for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251114081800', 'add_policies_to_quotes', array['create policy quotes_read on public.quotes for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251116081900', 'add_policies_to_teams', array['create policy teams_read on public.teams for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20251118082000', 'comment_companies', array['comment on table public.companies is ''What the team knows of its companies; see the handbook.''']),
  ('20251120081800', 'dashboard_edit_1', array['alter table public.companies add column extra_1 text']),
  ('20251122081800', 'dashboard_edit_2', array['alter table public.companies add column extra_2 text']),
  ('20251124081800', 'dashboard_edit_3', array['alter table public.companies add column extra_3 text']),
  ('20251126081800', 'dashboard_edit_4', array['alter table public.companies add column extra_4 text']),
  ('20251128081800', 'dashboard_edit_5', array['alter table public.companies add column extra_5 text']),
  ('20251130081800', 'dashboard_edit_6', array['alter table public.companies add column extra_6 text']),
  ('20251202081800', 'dashboard_edit_7', array['alter table public.companies add column extra_7 text']),
  ('20251204081800', 'dashboard_edit_8', array['alter table public.companies add column extra_8 text']),
  ('20251206081800', 'dashboard_edit_9', array['alter table public.companies add column extra_9 text']),
  ('20251208081800', 'dashboard_edit_10', array['alter table public.companies add column extra_10 text']),
  ('20251210081800', 'dashboard_edit_11', array['alter table public.companies add column extra_11 text']),
  ('20251212081800', 'dashboard_edit_12', array['alter table public.companies add column extra_12 text']);
