/** What dumps and squashes forget, each with a plain query that shows it in a project that `meetApplied` has made. */
export const forgotten: readonly (readonly [what: string, query: string])[] = [
  [
    "grants on columns",
    "select grantee, column_name, privilege_type from information_schema.column_privileges where table_name = 'notes' and grantee = 'anon' order by 1, 2, 3",
  ],
  [
    "grants on tables, to roles of the project's own",
    "select a.grantee::regrole::text, a.privilege_type from pg_class, aclexplode(relacl) a where oid = 'public.notes'::regclass order by 1, 2",
  ],
  [
    "a revoked right to execute",
    "select rolname from pg_roles where rolname in ('anon', 'authenticated') and not has_function_privilege(rolname, 'public.greet()', 'execute')",
  ],
  [
    "grants on what extensions brought",
    "select p.oid::regprocedure::text, a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a where p.proname like '%similarity' and a.grantee <> 0 order by 1, 2",
  ],
  [
    "default privileges",
    "select defaclobjtype, a.grantee::regrole::text, a.privilege_type from pg_default_acl, aclexplode(defaclacl) a where defaclnamespace = 'public'::regnamespace and defaclrole = 'postgres'::regrole order by 1, 2, 3",
  ],
  [
    "row level security",
    "select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace order by 1",
  ],
  ["policies", "select * from pg_policies where schemaname = 'public' order by policyname"],
  [
    "policies on storage.objects",
    "select * from pg_policies where schemaname = 'storage' order by policyname",
  ],
  [
    "triggers on auth.users",
    "select tgname, pg_get_triggerdef(oid) from pg_trigger where tgrelid = 'auth.users'::regclass and not tgisinternal",
  ],
  [
    "membership of publications",
    "select pubname, schemaname, tablename from pg_publication_tables where schemaname = 'public'",
  ],
  ["comments", "select obj_description('public.notes'::regclass) as comment"],
  [
    "extensions and their schemas",
    "select extname, extnamespace::regnamespace::text from pg_extension where extname in ('pg_trgm', 'pg_cron') order by 1",
  ],
  ["cron jobs", "select jobname, schedule, command from cron.job where jobname = 'nightly'"],
  ["buckets", "select id, public, file_size_limit, allowed_mime_types from storage.buckets"],
  ["options of views", "select reloptions from pg_class where oid = 'public.mine'::regclass"],
  [
    "security and settings of functions",
    "select prosecdef, proconfig from pg_proc where oid = 'public.greet()'::regprocedure",
  ],
  [
    "identity columns",
    "select attname, attidentity from pg_attribute where attrelid = 'public.notes'::regclass and attidentity <> ''",
  ],
];
