import { DatabaseError, EngineError } from "../errors.ts";
import type { Fence } from "./fence.ts";

/** A statement of a rollback that the database refused, as the error to throw; nothing was undone. */
export function explainRefusedUndo(failure: Error, fence: Fence): unknown {
  const { cause } = failure;
  if (!(cause instanceof DatabaseError) || cause.connectionLost) return cause;
  const { message, sqlstate } = cause.fields;
  return new EngineError(
    "no_way_back",
    `The database refuses what undoes the migration, so nothing was undone: ${fence.wrap(message)}`,
    { sqlstate },
    cause,
  );
}
