-- pg_cron: jobs are kept and can be read back; nothing runs them here.
-- The platform records the extension in pg_catalog whatever schema is asked for, and so does this.
do $place$
declare
  installed oid := (select oid from pg_catalog.pg_extension where extname = 'pg_cron');
begin
  update pg_catalog.pg_extension set extnamespace = 'pg_catalog'::regnamespace where oid = installed;
  delete from pg_catalog.pg_depend
  where classid = 'pg_catalog.pg_extension'::regclass and objid = installed and refclassid = 'pg_catalog.pg_namespace'::regclass;
  if to_regnamespace('cron') is null then
    create schema cron;
  end if;
end
$place$;

create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
  jobid bigint primary key default pg_catalog.nextval('cron.jobid_seq'),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport integer not null default 5432,
  database text not null default pg_catalog.current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default pg_catalog.nextval('cron.runid_seq'),
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- Accepts what looks like five cron fields, '<n> seconds', or an @ word, and refuses the rest as pg_cron does.
create function cron.stand_in_check_schedule(schedule text) returns void language plpgsql as $$
begin
  if schedule !~* '^\s*(@(yearly|annually|monthly|weekly|daily|midnight|hourly|reboot)|[1-5]?[0-9] seconds?|[0-9*/,$a-z-]+(\s+[0-9*/,$a-z-]+){4})\s*$' then
    raise exception 'invalid schedule: %', schedule
      using errcode = '22023', hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
  end if;
end
$$;

create function cron.schedule_in_database(
  job_name text, schedule text, command text, database text, username text default null, active boolean default true
)
returns bigint language plpgsql security definer set search_path = '' as $$
declare
  scheduled bigint;
begin
  perform cron.stand_in_check_schedule(schedule);
  insert into cron.job as held (schedule, command, database, username, active, jobname)
  values (
    schedule_in_database.schedule, schedule_in_database.command, schedule_in_database.database,
    coalesce(schedule_in_database.username, session_user), schedule_in_database.active, job_name
  )
  on conflict on constraint jobname_username_uniq do update
    set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
  returning held.jobid into scheduled;
  return scheduled;
end
$$;

create function cron.schedule(schedule text, command text) returns bigint language sql as $$
  select cron.schedule_in_database(null, schedule, command, pg_catalog.current_database()::text)
$$;

create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
  select cron.schedule_in_database(job_name, schedule, command, pg_catalog.current_database()::text)
$$;

create function cron.unschedule(job_id bigint) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from cron.job where jobid = job_id;
  if not found then
    raise exception 'could not find valid entry for job ''%''', job_id using errcode = 'XX000';
  end if;
  return true;
end
$$;

create function cron.unschedule(job_name text) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from cron.job where jobname = job_name and username = session_user;
  if not found then
    raise exception 'could not find valid entry for job ''%''', job_name using errcode = 'XX000';
  end if;
  return true;
end
$$;

create function cron.alter_job(
  job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null
)
returns void language plpgsql security definer set search_path = '' as $$
begin
  if schedule is not null then
    perform cron.stand_in_check_schedule(schedule);
  end if;
  update cron.job as held
  set schedule = coalesce(alter_job.schedule, held.schedule), command = coalesce(alter_job.command, held.command),
    database = coalesce(alter_job.database, held.database), username = coalesce(alter_job.username, held.username),
    active = coalesce(alter_job.active, held.active)
  where held.jobid = job_id;
  if not found then
    raise exception 'Job % does not exist or you don''t own it', job_id using errcode = 'XX000';
  end if;
end
$$;

-- The real one reloads the scheduler's cache; there is no scheduler.
create function cron.job_cache_invalidate() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger cron_job_cache_invalidate after insert or update or delete or truncate on cron.job
  for each statement execute function cron.job_cache_invalidate();

grant usage on schema cron to postgres with grant option;
grant execute on all functions in schema cron to postgres with grant option;
grant select on cron.job to postgres with grant option;
grant all on cron.job_run_details to postgres with grant option;
grant all on all sequences in schema cron to postgres with grant option;
