create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text not null primary key);
insert into supabase_migrations.schema_migrations (version) values ('20260101000001');
