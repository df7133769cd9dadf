/** What CREATE EXTENSION must know of an extension that is stood in for by SQL. */
export type StandInExtensionFacts = {
  readonly name: string;
  /** Installed when no version is asked for: the newest that the platform offered when this was written. */
  readonly version: string;
  /** Older versions that migrations name; each is the same SQL under another number. */
  readonly olderVersions: readonly string[];
  readonly comment: string;
  /** The only schema that the real one may be in. Without it, any schema is accepted. */
  readonly schema?: string;
  readonly relocatable?: true;
  readonly requires?: readonly string[];
  /** Part of PostgreSQL, so that a real server has its own. */
  readonly isContrib?: true;
};

/** The extensions of the Supabase image that PGlite has no build of, as far as SQL can stand in for them. */
export const standInExtensionTable: readonly StandInExtensionFacts[] = [
  {
    name: 'pg_cron',
    version: '1.6.4',
    olderVersions: ['1.0', '1.1', '1.2', '1.3', '1.4', '1.4-1', '1.5', '1.6'],
    comment: 'Job scheduler for PostgreSQL',
  },
  {
    name: 'pg_net',
    version: '0.19.5',
    olderVersions: [
      '0.1', '0.1.1', '0.2', '0.3', '0.4', '0.5', '0.5.1', '0.6', '0.6.1', '0.7', '0.7.1', '0.7.2', '0.7.3', '0.8.0', '0.9.1', '0.9.2', '0.9.3',
      '0.10.0', '0.11.0', '0.12.0', '0.13.0', '0.14.0', '0.15.0', '0.15.1', '0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.19.3', '0.20.0',
    ],
    comment: 'Async HTTP',
  },
  {
    name: 'http',
    version: '1.6',
    olderVersions: ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'],
    comment: 'HTTP client for PostgreSQL, allows web page retrieval inside the database.',
  },
  { name: 'pgjwt', version: '0.2.0', olderVersions: ['0.0.1', '0.1.0', '0.1.1'], comment: 'JSON Web Token API for Postgresql', requires: ['pgcrypto'] },
  {
    name: 'supabase_vault',
    version: '0.3.1',
    olderVersions: ['0.1.0', '0.2.0', '0.2.1', '0.2.2', '0.2.3', '0.2.4', '0.2.5', '0.2.6', '0.2.7', '0.2.8', '0.2.9', '0.3.0'],
    comment: 'Supabase Vault Extension',
    schema: 'vault',
  },
  {
    name: 'pg_graphql',
    version: '1.5.11',
    olderVersions: [
      '0.1.0', '0.2.0', '0.2.1', '0.3.0', '0.3.1', '0.3.2', '0.3.3', '0.4.0', '0.4.1', '1.0.0', '1.0.1', '1.0.2', '1.1.0', '1.2.0', '1.2.1', '1.2.2', '1.2.3',
      '1.3.0', '1.4.0', '1.4.1', '1.4.2', '1.4.3', '1.4.4', '1.5.0', '1.5.1', '1.5.2', '1.5.3', '1.5.4', '1.5.6', '1.5.7', '1.5.8', '1.5.9', '1.5.10',
    ],
    comment: 'pg_graphql: GraphQL support',
    schema: 'graphql',
  },
  {
    name: 'pgsodium',
    version: '3.1.8',
    olderVersions: ['3.0.0', '3.0.2', '3.0.3', '3.0.4', '3.0.5', '3.0.6', '3.0.7', '3.1.0', '3.1.1', '3.1.2', '3.1.3', '3.1.4', '3.1.5', '3.1.6', '3.1.7', '3.1.9'],
    comment: 'Postgres extension for libsodium functions',
    schema: 'pgsodium',
  },
  { name: 'pg_jsonschema', version: '0.3.3', olderVersions: ['0.1.0', '0.1.1', '0.1.3', '0.1.4', '0.2.0', '0.3.0', '0.3.1'], comment: 'JSON Schema validation' },
  { name: 'hypopg', version: '1.4.1', olderVersions: ['1.3.1', '1.4.0', '1.4.2'], comment: 'Hypothetical indexes for PostgreSQL' },
  { name: 'index_advisor', version: '0.2.0', olderVersions: ['0.1.0', '0.1.1'], comment: 'Query index advisor', relocatable: true, requires: ['hypopg'] },
  { name: 'pg_tle', version: '1.4.0', olderVersions: ['1.0.0', '1.0.1', '1.0.3', '1.0.4', '1.1.1', '1.2.0', '1.3.0'], comment: 'Trusted Language Extensions for PostgreSQL' },
  { name: 'pg_hashids', version: '1.3', olderVersions: ['1.0', '1.1', '1.2', '1.2.1'], comment: 'pg_hashids', relocatable: true },
  {
    name: 'wrappers',
    version: '0.5.4',
    olderVersions: [
      '0.1.5', '0.1.6', '0.1.7', '0.1.8', '0.1.9', '0.1.10', '0.1.11', '0.1.12', '0.1.14', '0.1.15', '0.1.16', '0.1.17', '0.1.18', '0.1.19', '0.2.0',
      '0.3.0', '0.3.1', '0.4.1', '0.4.2', '0.4.3', '0.4.4', '0.4.5', '0.4.6', '0.5.0', '0.5.1', '0.5.2', '0.5.3', '0.5.5', '0.5.6',
    ],
    comment: 'Foreign data wrappers developed by Supabase',
  },
  { name: 'plpgsql_check', version: '2.7', olderVersions: ['1.0', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6'], comment: 'extended check for plpgsql functions' },
  {
    name: 'timescaledb',
    version: '2.16.1',
    olderVersions: ['2.4.0', '2.5.0', '2.7.0', '2.8.1', '2.9.1', '2.11.2', '2.12.2', '2.13.1', '2.14.2', '2.15.3'],
    comment: 'Enables scalable inserts and complex queries for time-series data',
  },
  { name: 'pgaudit', version: '17.0', olderVersions: ['1.5', '1.6', '1.6.1', '1.7', '16.0', '17.1', '18.0'], comment: 'provides auditing functionality', relocatable: true },
  { name: 'postgres_fdw', version: '1.2', olderVersions: ['1.0', '1.1'], comment: 'foreign-data wrapper for remote PostgreSQL servers', isContrib: true },
  { name: 'dblink', version: '1.2', olderVersions: ['1.0', '1.1'], comment: 'connect to other PostgreSQL databases from within a database', isContrib: true },
];
