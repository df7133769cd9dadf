import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { installStandInOnServer } from "./install-stand-in.ts";
import type { ServerName } from "./postgres-binaries.ts";
import type { PostgresServer } from "./postgres-server.ts";

/** The run's shared server of one major; started by the first test that asks. */
export type SharedServer = Omit<PostgresServer, "stop" | "log">;

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** Where the run's server of this major listens. */
export async function sharedServer(major: ServerName): Promise<SharedServer> {
  const response = await fetch(`${inject("postgresBroker")}/${encodeURIComponent(major)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

/** A fresh database on the shared server, a clone of `template` where one is named; drop it afterwards. */
export async function createDatabase(
  options: { readonly major?: ServerName; readonly template?: string } = {},
): Promise<TestDatabase> {
  const server = await sharedServer(options.major ?? 17);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await runOnServer(server.url, `create database "${name}" template "${options.template ?? "template0"}"`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    name,
    drop: () => runOnServer(server.url, `drop database if exists "${name}" with (force)`),
  };
}

/** A fresh database that looks like a new Supabase project. */
export async function createSupabaseDatabase(
  options: { readonly major?: ServerName } = {},
): Promise<TestDatabase> {
  const template = await ensureTemplate({
    ...options,
    name: "supabase_template",
    fill: (url) => fillAsSupabase(url, options.major ?? 17),
  });
  return createDatabase({ ...options, template });
}

/** Makes an empty database look like a new Supabase project. */
export async function fillAsSupabase(url: string, major: ServerName): Promise<void> {
  const { extensionFolder } = await sharedServer(major);
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await installStandInOnServer({ run: (text) => client.unsafe(text).simple(), extensionFolder });
  } finally {
    await client.end();
  }
}

/**
 * A template database made once a run and major by `fill`, whichever test file comes first; answers its name for `createDatabase`.
 * `fill` gets the URL of an empty database and must leave no connection behind.
 */
export async function ensureTemplate(options: {
  readonly major?: ServerName;
  readonly name: string;
  readonly fill: (url: string) => Promise<void>;
}): Promise<string> {
  const server = await sharedServer(options.major ?? 17);
  const lockHolder = postgres(server.url, { max: 1, onnotice: () => undefined });
  try {
    await lockHolder`select pg_advisory_lock(hashtext(${options.name}))`;
    const [found] = await lockHolder`select 1 from pg_database where datname = ${options.name}`;
    if (found !== undefined) return options.name;
    const draft = `${options.name}_draft`;
    await lockHolder.unsafe(`drop database if exists "${draft}" with (force)`);
    await lockHolder.unsafe(`create database "${draft}" template template0`);
    const url = new URL(server.url);
    url.pathname = `/${draft}`;
    await options.fill(url.toString());
    await lockHolder.unsafe(`alter database "${draft}" rename to "${options.name}"`);
    return options.name;
  } finally {
    await lockHolder.end();
  }
}

/** A template is busy for a moment after its last user left (55006). */
async function runOnServer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    for (let attempt = 1; ; attempt += 1) {
      const failure = await client.unsafe(statement).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) return;
      const isBusy = failure instanceof postgres.PostgresError && failure.code === "55006";
      if (!isBusy || attempt === 50) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await client.end();
  }
}
