import postgres from "postgres";
import { onTestFinished } from "vitest";
import type { EngineSettings } from "../../src/engine/index.ts";
import type { FakeSettings } from "../support/management-answers.ts";
import { fakeRef, fakeToken, startManagementFake, type ManagementFake } from "../support/management-fake.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createSupabaseDatabase } from "../support/test-database.ts";
import { inFolder } from "./playground.ts";

/** A project on a hosted database that is reached through the Management API, with a superuser's connection beside it. */
export interface Hosted extends TestProject {
  readonly fake: ManagementFake;
  readonly sql: postgres.Sql;
  readonly databaseUrl: string;
}

export async function createHosted(
  options: {
    /** Migration files: SQL by file name. */
    readonly files?: Readonly<Record<string, string>>;
    readonly before?: string;
    readonly fake?: Partial<FakeSettings> | ((databaseUrl: string) => Partial<FakeSettings>);
    readonly settings?: Partial<EngineSettings> | ((fake: ManagementFake) => Partial<EngineSettings>);
  } = {},
): Promise<Hosted> {
  const database = await createSupabaseDatabase();
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  if (options.before !== undefined) await sql.unsafe(options.before).simple();
  const fake = await startManagementFake({
    databaseUrl: database.url,
    requestsPerMinute: 10_000,
    ...(typeof options.fake === "function" ? options.fake(database.url) : options.fake),
  });
  const project = await createProject({
    files: { "supabase/config.toml": "", ...inFolder(options.files ?? {}) },
    settings: {
      target: { kind: "management", projectRef: fakeRef, accessToken: fakeToken, apiUrl: fake.url },
      ...(typeof options.settings === "function" ? options.settings(fake) : options.settings),
    },
  });
  onTestFinished(async () => {
    await project.remove();
    await fake.close();
    await sql.end({ timeout: 1 });
    await database.drop();
  });
  return {
    ...project,
    write: (files) => project.write(inFolder(files)),
    fake,
    sql,
    databaseUrl: database.url,
  };
}

/** True for the request that carries a migration. */
export function isMigration({ body }: { readonly body: Readonly<Record<string, unknown>> }): boolean {
  return String(body["query"]).includes("'recorded' as outcome");
}
