import { readFrom } from "../database/transport.ts";
import { readFoundPhases, readPhases } from "../history/read-phases.ts";
import type { FoundPhase, RecordedPhase } from "../model/phase.ts";
import type { RunPhaseReport } from "../model/phase-report.ts";
import { describePhases } from "../report/describe-phases.ts";
import type { CallContext } from "../requests.ts";
import { newFence, openTarget, type EngineContext } from "./context.ts";

/** Every phase: its file, what is recorded of it, and what another table of the founding shape records. Changes nothing. */
export async function listPhases(engine: EngineContext, call: CallContext): Promise<RunPhaseReport> {
  const database = await openTarget(engine, call);
  const folder = await engine.openFolder();
  const files = await folder.readPhases();
  const { recorded, found } = await readFrom(database, async (session) => ({
    recorded: await readPhases(session),
    found: await readFoundPhases(session),
  }));
  return describePhases(
    {
      target: database.target.label,
      folder: folder.label,
      files,
      recorded,
      found: notAdopted(found, recorded),
      isWhole: call.answerSize === "whole",
    },
    newFence(),
  );
}

/** The phases of other tables that nobody has taken over as they are now. */
export function notAdopted(
  found: readonly FoundPhase[],
  recorded: readonly RecordedPhase[],
): readonly FoundPhase[] {
  const adopted = new Set(
    recorded.flatMap(({ adoptedFrom }) => (adoptedFrom === undefined ? [] : [keyOf(adoptedFrom)])),
  );
  return found.filter((phase) => !adopted.has(keyOf(phase)));
}

function keyOf({ table, row }: Pick<FoundPhase, "table" | "row">): string {
  return JSON.stringify([table, Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
