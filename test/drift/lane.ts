import { startServer, type PostgresServer } from "../support/postgres-server.ts";
import type { PostgresMajor } from "../support/postgres-binaries.ts";
import type postgres from "postgres";
import { withClient } from "./run-script.ts";

/** A cluster for one case at a time: roles belong to the whole cluster, so that cases side by side need one each. */
export interface Lane {
  readonly server: PostgresServer;
  /** Makes an empty database, or a copy of one that nobody is connected to, and answers its URL. */
  readonly createDatabase: (template?: string) => Promise<string>;
  /** Drops every database and role that was made since the start, and what settings were given to roles. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts a cluster of its own. */
export async function openLane(major: PostgresMajor = 17): Promise<Lane> {
  const server = await startServer({ major });
  let count = 0;
  return {
    server,
    createDatabase: async (template) => {
      count += 1;
      const name = `side_${count}`;
      const source = template === undefined ? "template0" : new URL(template).pathname.slice(1);
      await withClient(server.url, (client) =>
        client.unsafe(`create database ${name} template ${source} strategy file_copy`),
      );
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.toString();
    },
    reset: async () => {
      await dropSubscriptions(server.url);
      await withClient(server.url, cleanCluster);
    },
    stop: server.stop,
  };
}

/** A database with a subscription cannot be dropped. */
async function dropSubscriptions(url: string): Promise<void> {
  const found = await withClient(
    url,
    (client) => client<{ database: string; name: string }[]>`
      select datname as database, subname as name from pg_subscription join pg_database d on d.oid = subdbid`,
  );
  for (const { database, name } of found) {
    const own = new URL(url);
    own.pathname = `/${database}`;
    const text = ["disable", "set (slot_name = none)"].map(
      (rest) => `alter subscription ${quote(name)} ${rest}`,
    );
    await withClient(own.toString(), async (client) => {
      for (const statement of [...text, `drop subscription ${quote(name)}`]) await client.unsafe(statement);
    });
  }
}

async function cleanCluster(client: postgres.Sql): Promise<void> {
  const databases = await client<{ name: string }[]>`
    select datname as name from pg_database where datname not in ('postgres', 'template0', 'template1')`;
  for (const { name } of databases) await client.unsafe(`drop database ${quote(name)} with (force)`);
  const roles = await client<{ name: string }[]>`select rolname as name from pg_roles where oid >= 16384`;
  const names = roles.map(({ name }) => quote(name)).join(", ");
  if (names !== "") await client.unsafe(`drop owned by ${names} cascade; drop role ${names}`);
  await client`alter role postgres reset all`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
