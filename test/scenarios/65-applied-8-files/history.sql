create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column statements text[];
alter table supabase_migrations.schema_migrations add column name text;
insert into supabase_migrations.schema_migrations (version, name, statements) values
  ('20250901081500', 'create_companies', array['create table public.companies (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.companies enable row level security']),
  ('20250901151511', 'create_contacts', array['create table public.contacts (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.contacts enable row level security']),
  ('20250901221522', 'create_deals', array['create table public.deals (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.deals enable row level security']),
  ('20250902051533', 'create_notes', array['create table public.notes (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.notes enable row level security']),
  ('20250902121544', 'create_tasks', array['create table public.tasks (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.tasks enable row level security']),
  ('20250902191555', 'create_tags', array['create table public.tags (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.tags enable row level security']),
  ('20250903021606', 'create_stages', array['create table public.stages (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.stages enable row level security']),
  ('20250903091617', 'create_pipelines', array['create table public.pipelines (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.pipelines enable row level security']),
  ('20250903161628', 'create_activities', array['create table public.activities (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.activities enable row level security']),
  ('20250903231639', 'create_invoices', array['create table public.invoices (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.invoices enable row level security']),
  ('20250904061650', 'create_products', array['create table public.products (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.products enable row level security']),
  ('20250904131701', 'create_quotes', array['create table public.quotes (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.quotes enable row level security']),
  ('20250904201712', 'create_teams', array['create table public.teams (
  id bigint generated always as identity primary key,
  title text not null
)', 'alter table public.teams enable row level security']),
  ('20250905031723', 'add_owner_to_companies', array['alter table public.companies add column owner_id uuid', 'create index companies_owner_id_idx on public.companies (owner_id)']),
  ('20250905101734', 'add_owner_to_contacts', array['alter table public.contacts add column owner_id uuid', 'create index contacts_owner_id_idx on public.contacts (owner_id)']),
  ('20250905171745', 'add_owner_to_deals', array['alter table public.deals add column owner_id uuid', 'create index deals_owner_id_idx on public.deals (owner_id)']),
  ('20250906001756', 'add_owner_to_notes', array['alter table public.notes add column owner_id uuid', 'create index notes_owner_id_idx on public.notes (owner_id)']),
  ('20250906071807', 'add_owner_to_tasks', array['alter table public.tasks add column owner_id uuid', 'create index tasks_owner_id_idx on public.tasks (owner_id)']),
  ('20250906141818', 'add_owner_to_tags', array['alter table public.tags add column owner_id uuid', 'create index tags_owner_id_idx on public.tags (owner_id)']),
  ('20250906211829', 'add_owner_to_stages', array['alter table public.stages add column owner_id uuid', 'create index stages_owner_id_idx on public.stages (owner_id)']),
  ('20250907041840', 'add_owner_to_pipelines', array['alter table public.pipelines add column owner_id uuid', 'create index pipelines_owner_id_idx on public.pipelines (owner_id)']),
  ('20250907111851', 'add_owner_to_activities', array['alter table public.activities add column owner_id uuid', 'create index activities_owner_id_idx on public.activities (owner_id)']),
  ('20250907181902', 'add_owner_to_invoices', array['alter table public.invoices add column owner_id uuid', 'create index invoices_owner_id_idx on public.invoices (owner_id)']),
  ('20250908011913', 'add_owner_to_products', array['alter table public.products add column owner_id uuid', 'create index products_owner_id_idx on public.products (owner_id)']),
  ('20250908081924', 'add_owner_to_quotes', array['alter table public.quotes add column owner_id uuid', 'create index quotes_owner_id_idx on public.quotes (owner_id)']),
  ('20250908151935', 'add_owner_to_teams', array['alter table public.teams add column owner_id uuid', 'create index teams_owner_id_idx on public.teams (owner_id)']),
  ('20250908221946', 'add_policies_to_companies', array['create policy companies_read on public.companies for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250909051957', 'add_policies_to_contacts', array['create policy contacts_read on public.contacts for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250909122008', 'add_policies_to_deals', array['create policy deals_read on public.deals for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250909192019', 'add_policies_to_notes', array['create policy notes_read on public.notes for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250910022030', 'add_policies_to_tasks', array['create policy tasks_read on public.tasks for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250910092041', 'add_policies_to_tags', array['create policy tags_read on public.tags for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250910162052', 'add_policies_to_stages', array['create policy stages_read on public.stages for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250910232103', 'add_policies_to_pipelines', array['create policy pipelines_read on public.pipelines for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250911062114', 'add_policies_to_activities', array['create policy activities_read on public.activities for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250911132125', 'add_policies_to_invoices', array['create policy invoices_read on public.invoices for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250911202136', 'add_policies_to_products', array['create policy products_read on public.products for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250912032147', 'add_policies_to_quotes', array['create policy quotes_read on public.quotes for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250912102158', 'add_policies_to_teams', array['create policy teams_read on public.teams for select to authenticated using (owner_id = (select auth.uid()))']),
  ('20250912172209', 'comment_companies', array['comment on table public.companies is ''What the team knows of its companies; see the handbook.''']),
  ('20250913002220', 'comment_contacts', array['comment on table public.contacts is ''What the team knows of its contacts; see the handbook.''']),
  ('20250913072231', 'comment_deals', array['comment on table public.deals is ''What the team knows of its deals; see the handbook.''']),
  ('20250913142242', 'comment_notes', array['comment on table public.notes is ''What the team knows of its notes; see the handbook.''']),
  ('20250913212253', 'comment_tasks', array['comment on table public.tasks is ''What the team knows of its tasks; see the handbook.''']),
  ('20250914042304', 'comment_tags', array['comment on table public.tags is ''What the team knows of its tags; see the handbook.''']),
  ('20250914112315', 'comment_stages', array['comment on table public.stages is ''What the team knows of its stages; see the handbook.''']),
  ('20250914182326', 'comment_pipelines', array['comment on table public.pipelines is ''What the team knows of its pipelines; see the handbook.''']),
  ('20250915012337', 'comment_activities', array['comment on table public.activities is ''What the team knows of its activities; see the handbook.''']),
  ('20250915082348', 'comment_invoices', array['comment on table public.invoices is ''What the team knows of its invoices; see the handbook.''']),
  ('20250915152359', 'comment_products', array['comment on table public.products is ''What the team knows of its products; see the handbook.''']),
  ('20250915222410', 'comment_quotes', array['comment on table public.quotes is ''What the team knows of its quotes; see the handbook.''']),
  ('20250916052421', 'comment_teams', array['comment on table public.teams is ''What the team knows of its teams; see the handbook.''']),
  ('20250916122432', 'archive_companies', array['alter table public.companies add column archived_at timestamptz', 'update public.companies set archived_at = now() where title = ''old;''']),
  ('20250916192443', 'archive_contacts', array['alter table public.contacts add column archived_at timestamptz', 'update public.contacts set archived_at = now() where title = ''old;''']),
  ('20250917022454', 'archive_deals', array['alter table public.deals add column archived_at timestamptz', 'update public.deals set archived_at = now() where title = ''old;''']),
  ('20250917092505', 'archive_notes', array['alter table public.notes add column archived_at timestamptz', 'update public.notes set archived_at = now() where title = ''old;''']),
  ('20250917162516', 'archive_tasks', array['alter table public.tasks add column archived_at timestamptz', 'update public.tasks set archived_at = now() where title = ''old;''']),
  ('20250917232527', 'archive_tags', array['alter table public.tags add column archived_at timestamptz', 'update public.tags set archived_at = now() where title = ''old;''']),
  ('20250918062538', 'archive_stages', array['alter table public.stages add column archived_at timestamptz', 'update public.stages set archived_at = now() where title = ''old;''']),
  ('20250918132549', 'archive_pipelines', array['alter table public.pipelines add column archived_at timestamptz', 'update public.pipelines set archived_at = now() where title = ''old;''']),
  ('20250918202600', 'archive_activities', array['alter table public.activities add column archived_at timestamptz', 'update public.activities set archived_at = now() where title = ''old;''']),
  ('20250919032611', 'archive_invoices', array['alter table public.invoices add column archived_at timestamptz', 'update public.invoices set archived_at = now() where title = ''old;''']),
  ('20250919102622', 'archive_products', array['alter table public.products add column archived_at timestamptz', 'update public.products set archived_at = now() where title = ''old;''']),
  ('20250919172633', 'archive_quotes', array['alter table public.quotes add column archived_at timestamptz', 'update public.quotes set archived_at = now() where title = ''old;''']),
  ('20250920002644', 'archive_teams', array['alter table public.teams add column archived_at timestamptz', 'update public.teams set archived_at = now() where title = ''old;''']);
