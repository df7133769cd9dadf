import postgres from "postgres";
import { splitStatements } from "../../src/engine/sql/split.ts";

/** What could not be run. */
export interface ScriptFailure {
  readonly statement: string;
  readonly message: string;
}

/** Runs scripts as psql would, each in a session with default settings, statement by statement; answers the first failure. */
export async function runScripts(
  url: string,
  scripts: readonly string[],
): Promise<ScriptFailure | undefined> {
  return withClient(url, async (client) => {
    for (const script of scripts) {
      const failure = await runStatements(
        client,
        splitStatements(withoutCopiedRows(script)).map(({ text }) => text),
      );
      if (failure !== undefined) return failure;
      await client.unsafe("reset all");
    }
    return undefined;
  });
}

/** Runs what the server accepts of the scripts, statement by statement. */
export async function runWhatRuns(url: string, scripts: readonly string[]): Promise<undefined> {
  await withClient(url, async (client) => {
    for (const { text } of scripts.flatMap((script) => splitStatements(script)))
      await client.unsafe(text).catch(reportSkipped);
  });
}

function describeError(error: unknown): string {
  const detail = error instanceof postgres.PostgresError ? error.detail : undefined;
  return detail === undefined ? String(error) : `${String(error)} (${detail})`;
}

function reportSkipped(error: unknown): void {
  if (process.env["DRIFT_SKIPPED"] !== undefined) process.stderr.write(`left out: ${String(error)}\n`);
}

/** Runs statements one by one; answers the first failure. */
export async function runStatements(
  client: postgres.Sql,
  statements: readonly string[],
): Promise<ScriptFailure | undefined> {
  for (const statement of statements) {
    const error: unknown = await client.unsafe(statement).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (error !== undefined && !isThereAlready(error, statement))
      return { statement, message: describeError(error) };
  }
  return undefined;
}

// Both sides of a pair may make the same role, which belongs to the whole cluster; a prelude makes schemas that a side makes again.
function isThereAlready(error: unknown, statement: string): boolean {
  if (!(error instanceof postgres.PostgresError)) return false;
  if (error.code === "42P06") return true;
  return error.code === "42710" && /^(--.*\n|\s)*create\s+(role|user|group)\s/i.test(statement);
}

/** Opens one quiet connection for `use`. */
export async function withClient<T>(url: string, use: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { max: 1, onnotice: () => undefined, prepare: false });
  try {
    return await use(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

// Rows are no part of a schema, and only psql knows how to send them.
function withoutCopiedRows(script: string): string {
  return script.replaceAll(/^copy\s[^;]*\sfrom\s+stdin[^;]*;\r?\n[\s\S]*?^\\\.$/gim, "");
}
