import type { RunContext } from "../execute/run-context.ts";
import { startUndoCourse } from "../execute/undo-course.ts";
import type { Loss } from "../model/loss.ts";
import type { Database } from "../ports.ts";
import type { EngineContext } from "./context.ts";

interface UndoOrder {
  readonly database: Database;
  /** What the plan is known to take away; their files are shown paths. */
  readonly losses: readonly Loss[];
  readonly isAlone: boolean;
  readonly purges: "expired copies" | "nothing";
}

/** What a run needs to find the way back from each of its migrations; nothing where the window is closed. */
export function undoOf(
  engine: EngineContext,
  { database, losses, isAlone, purges }: UndoOrder,
): Pick<RunContext, "undo"> {
  if (engine.limits.rollbackWindowHours === 0) return {};
  const lossesOf = (fileName: string) => losses.filter(({ file }) => file?.endsWith(`/${fileName}`) ?? false);
  return {
    undo: startUndoCourse({
      clock: engine.clock,
      engine: database.target.engine,
      lossesOf,
      isAlone,
      purgeAfterHours: purges === "nothing" ? undefined : engine.limits.rollbackWindowHours,
    }),
  };
}
