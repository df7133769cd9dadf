import { readCatalog } from "../catalog/read-catalog.ts";
import { sql } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Database, Session } from "../ports.ts";
import { listSteps, replayFile, type ReplayFile, type ReplayFinding } from "./replay-file.ts";

/**
 * Replays migration files in an empty database that a person gave for it, which serves where PGlite lacks an extension. The database
 * keeps what the files make. Throws `invalid_settings` where it holds anything.
 */
export async function replayOnDatabase(
  database: Database,
  files: readonly ReplayFile[],
): Promise<{ readonly catalog: Catalog; readonly findings: readonly ReplayFinding[] }> {
  return database.withSession(async (session) => {
    assertEmpty(await readCatalog(session), database.target.label);
    const findings: ReplayFinding[] = [];
    for (const file of files) {
      const steps = listSteps(file, new Map());
      findings.push(...(await replayFile({ session, file, steps, onStatement: () => undefined })));
      await startClean(session);
    }
    return { catalog: await readCatalog(session), findings };
  });
}

async function startClean(session: Session): Promise<void> {
  await session.run(sql`discard all`);
}

function assertEmpty({ facts }: Catalog, label: string): void {
  const found = [...facts.values()].find(({ kind, provenance }) => kind === "table" && provenance === "user");
  if (found === undefined) return;
  throw new EngineError(
    "invalid_settings",
    `The shadow database ${label} is not empty: it has ${found.key}.`,
    {
      hint: "Give an empty database that nobody needs.",
    },
  );
}
