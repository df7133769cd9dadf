import { readCatalog } from "../catalog/read-catalog.ts";
import { factOf } from "../compare/change-id.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { topOf } from "../compare/top-of.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { Catalog, Change, Fact, FactKey } from "../model/catalog.ts";
import type { MigrationFile } from "../model/migration.ts";
import { listSteps, replayFile } from "../shadow/replay-file.ts";
import { classifyStatement, type TouchedObject } from "../sql/classify.ts";
import { parseStatements } from "../sql/parse.ts";
import { compareWithFiles } from "./compare-with-files.ts";
import type { EngineContext } from "./context.ts";
import { startClean } from "./explain-by-pending.ts";
import { withFilesReplayed } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/**
 * Where the live schema is not what the applied files produce, as far as these files touch it: relations, routines and types that they name, and
 * whatever else is another once they are replayed behind the applied ones. Grants and columns count as a part of theirs.
 */
export async function findDriftInTheWay(
  engine: EngineContext,
  project: Project,
  files: readonly MigrationFile[],
): Promise<readonly Change[]> {
  const live = await readLiveSchema(project.database);
  const { sorted } = await compareWithFiles({ engine, project, live, answers: [] });
  if (sorted.drift.length === 0) return [];
  const named = (await Promise.all(files.map(namedIn))).flat();
  return withFilesReplayed(engine, { project, live }, async (shadow) => {
    const session = await shadow.openSession();
    const before = await readCatalog(session);
    for (const { fileName, content } of files) {
      if (content.kind !== "sql") continue;
      const file = { path: fileName, sql: content.sql };
      await replayFile({ session, file, steps: listSteps(file, new Map()), onStatement: () => undefined });
      await startClean(session, live.currentRole);
    }
    const after = await readCatalog(session);
    const touched = new Set(
      diffCatalogs(before, after).map((change) => topKey(change, { from: before, to: after })),
    );
    const sides = { from: live, to: before };
    return sorted.drift.filter((change) => {
      const top = topOf(factOf(change), sides);
      return touched.has(top.key) || named.some((name) => isNamed(top, name));
    });
  });
}

async function namedIn({ content }: MigrationFile): Promise<readonly TouchedObject[]> {
  if (content.kind !== "sql") return [];
  const parsed = await parseStatements(content.sql);
  return parsed.kind === "parsed"
    ? parsed.statements.flatMap((statement) => classifyStatement(statement).objects)
    : [];
}

function topKey(change: Change, sides: { readonly from: Catalog; readonly to: Catalog }): FactKey {
  return topOf(factOf(change), sides).key;
}

/** A name without its schema may be in any. */
function isNamed({ id }: Fact, { schema, name }: TouchedObject): boolean {
  return id.name === name && (schema === undefined || id.schema === undefined || id.schema === schema);
}
