import { createHash } from "node:crypto";
import { reconcile } from "../compare/reconcile.ts";
import { list } from "../confirmation/refuse-stale.ts";
import { readFrom } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { readHistory } from "../history/read-history.ts";
import type { Change } from "../model/catalog.ts";
import type { MigrationFile } from "../model/migration.ts";
import { choosePromoted, listNames } from "../plan/choose-promoted.ts";
import type { Fence } from "../report/fence.ts";
import type { ApplyMigrationRequest } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { findDriftInTheWay } from "./drift-in-the-way.ts";
import type { Project } from "./read-project.ts";

/** What is applied because another target has run it. */
export interface Promotion {
  /** Label of the target that vouches for it. */
  readonly from: string;
  readonly files: readonly MigrationFile[];
  /** Goes into the plan's id: a yes to these files from this source is none to the same files otherwise. */
  readonly bond: string;
  readonly warnings: readonly string[];
}

/** The promotion that a call asks for; undefined where it asks for none. */
export async function promotionOf(
  engine: EngineContext,
  project: Project,
  { promoteFrom }: ApplyMigrationRequest,
): Promise<Promotion | undefined> {
  return promoteFrom === undefined ? undefined : readPromotion(engine, project, promoteFrom);
}

/** Asks the other target what it has run of what waits here. Throws `not_promotable`, `unknown_target`, `arguments_conflict`. */
async function readPromotion(engine: EngineContext, project: Project, from: string): Promise<Promotion> {
  const source = await engine.openNeighbour(from);
  if (source.target.id === project.database.target.id)
    throw new EngineError("arguments_conflict", `${from} is the same database as the target.`);
  const history = await readFrom(source, readHistory);
  const { files, notRun } = choosePromoted({
    target: project.reconciliation,
    source: reconcile({ files: project.contents.files, history }),
    label: from,
  });
  const bond = createHash("sha256")
    .update(JSON.stringify([from, source.target.id, files.map(({ fileName }) => fileName)]))
    .digest("hex");
  const left = `Left alone, because ${from} has not run them: ${listNames(notRun)}.`;
  return { from, files, bond, warnings: notRun.length === 0 ? [] : [left] };
}

/** Throws `not_promotable` where the live schema is another than the files leave it, in what the promoted files touch. */
export async function assertNothingInTheWay(
  engine: EngineContext,
  project: Project,
  { files, fence }: { readonly files: readonly MigrationFile[]; readonly fence: Fence },
): Promise<void> {
  if (files.length === 0) return;
  const found = await findDriftInTheWay(engine, project, files);
  if (found.length === 0) return;
  const named = list(found.map(toDifference), fence.wrapName);
  throw new EngineError(
    "not_promotable",
    `The schema of ${project.database.target.label} is not what its applied files make, in what these migrations touch (${named}): what passed elsewhere may not pass here.`,
    { hint: "Call detect_drift for this target to see the difference and the SQL that closes it." },
  );
}

/** Seen from the files: what only the live schema has is new. */
function toDifference(change: Change): Parameters<typeof list>[0][number] {
  const how = { removed: "new", altered: "changed", added: "gone" } as const;
  return { name: change.key, how: how[change.kind] };
}
