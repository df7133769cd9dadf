import * as z from "zod";
import { sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { SetUpBucket, SetUpJob, SetUpQueue, SetUpRole, SetUpRows } from "../model/set-up-rows.ts";
import type { Query, Reader } from "../ports.ts";

/** Reads a project's set-up rows. A table that the role may not read is named in `unread`; one that is not there has no rows. */
export async function readSetUpRows(session: Reader, catalog: Catalog): Promise<SetUpRows> {
  const unread: SetUpRows["unread"][number][] = [];
  const read = async (table: string, query: Query): Promise<readonly unknown[]> => {
    const { rows } = await session.run(sql`select to_regclass(${table}) is not null as is_there`);
    if (rows[0]?.["is_there"] !== true) return [];
    try {
      const answer = await session.run(query);
      return answer.rows.map((row) => row["fields"]);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
      unread.push({ table, cause: error.fields.message });
      return [];
    }
  };
  return {
    roles: z
      .array(roleFields)
      .parse(await read("pg_catalog.pg_roles", rolesNamed(namedRoles(catalog))))
      .map(toRole),
    buckets: z
      .array(bucketFields)
      .parse(await read("storage.buckets", allBuckets))
      .map(toBucket),
    jobs: z
      .array(jobFields)
      .parse(await read("cron.job", allJobs))
      .map(toJob),
    queues: z
      .array(queueFields)
      .parse(await read("pgmq.meta", allQueues))
      .map(toQueue),
    unread,
  };
}

/** The roles of a database's cluster. */
export async function readRoleNames(session: Reader): Promise<ReadonlySet<string>> {
  const { rows } = await session.run(sql`select rolname::text as name from pg_catalog.pg_roles`);
  return new Set(rows.map((row) => String(row["name"])));
}

/** Roles that the user's own objects are owned by, granted to, or speak of. */
function namedRoles({ facts }: Catalog): readonly string[] {
  const names = [...facts.values()]
    .filter(({ provenance }) => provenance === "user")
    .flatMap(({ id, attributes }) => {
      const { owner, role, roles } = attributes;
      const grantee = id.grantee?.kind === "role" ? [id.grantee.name] : [];
      return [owner, role, ...(Array.isArray(roles) ? roles : []), ...grantee];
    })
    .filter((name): name is string => typeof name === "string");
  return [...new Set(names)].toSorted();
}

function rolesNamed(names: readonly string[]): Query {
  return sql`
    select to_jsonb(role) as fields
    from (
      select
        r.rolname::text as name, r.rolcanlogin as can_login, r.rolinherit as inherits, r.rolcreatedb as creates_databases,
        r.rolcreaterole as creates_roles, r.rolbypassrls as bypasses_row_security,
        array(
          select split_part(c.setting, '=', 1)
          from pg_catalog.pg_db_role_setting s
          cross join unnest(s.setconfig) c (setting)
          where s.setrole = r.oid and s.setdatabase = 0
          order by 1
        ) as settings,
        array(
          select g.rolname::text
          from pg_catalog.pg_auth_members m
          join pg_catalog.pg_roles g on g.oid = m.roleid
          where m.member = r.oid
          order by 1
        ) as member_of,
        array(
          select g.rolname::text
          from pg_catalog.pg_auth_members m
          join pg_catalog.pg_roles g on g.oid = m.member
          where m.roleid = r.oid
          order by 1
        ) as members
      from pg_catalog.pg_roles r
      where r.rolname = any(${names}::text[]) and r.rolname !~ '^pg_' and not r.rolsuper
      order by r.rolname
    ) role`;
}

const allBuckets: Query = sql`select to_jsonb(b) as fields from storage.buckets b order by b.id`;

const allJobs: Query = sql`
  select to_jsonb(j) || jsonb_build_object('is_here', j.database = current_database()) as fields
  from cron.job j
  order by j.jobid`;

const allQueues: Query = sql`select to_jsonb(q) as fields from pgmq.meta q order by q.queue_name`;

const roleFields = z.object({
  name: z.string(),
  can_login: z.boolean(),
  inherits: z.boolean(),
  creates_databases: z.boolean(),
  creates_roles: z.boolean(),
  bypasses_row_security: z.boolean(),
  settings: z.array(z.string()),
  member_of: z.array(z.string()),
  members: z.array(z.string()),
});

const bucketFields = z.object({
  id: z.string(),
  name: z.string(),
  public: z.boolean().nullish(),
  file_size_limit: z.number().nullish(),
  allowed_mime_types: z.array(z.string()).nullish(),
});

const jobFields = z.object({
  jobname: z.string().nullish(),
  schedule: z.string(),
  command: z.string(),
  database: z.string(),
  active: z.boolean().nullish(),
  is_here: z.boolean(),
});

const queueFields = z.object({
  queue_name: z.string(),
  is_partitioned: z.boolean().nullish(),
  is_unlogged: z.boolean().nullish(),
});

function toRole(fields: z.infer<typeof roleFields>): SetUpRole {
  return {
    name: fields.name,
    canLogin: fields.can_login,
    inherits: fields.inherits,
    createsDatabases: fields.creates_databases,
    createsRoles: fields.creates_roles,
    bypassesRowSecurity: fields.bypasses_row_security,
    settings: fields.settings,
    memberOf: fields.member_of,
    members: fields.members,
  };
}

function toBucket(fields: z.infer<typeof bucketFields>): SetUpBucket {
  const limit = fields.file_size_limit ?? undefined;
  return {
    id: fields.id,
    name: fields.name,
    isPublic: fields.public === true,
    fileSizeLimit: limit === undefined ? undefined : String(limit),
    allowedMimeTypes: fields.allowed_mime_types ?? undefined,
  };
}

function toJob(fields: z.infer<typeof jobFields>): SetUpJob {
  return {
    name: fields.jobname ?? undefined,
    schedule: fields.schedule,
    command: fields.command,
    otherDatabase: fields.is_here ? undefined : fields.database,
    isActive: fields.active !== false,
  };
}

function toQueue(fields: z.infer<typeof queueFields>): SetUpQueue {
  return {
    name: fields.queue_name,
    isPartitioned: fields.is_partitioned === true,
    isUnlogged: fields.is_unlogged === true,
  };
}
