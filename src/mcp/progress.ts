import type { EngineEvent } from "../engine/index.ts";

/** The sentence that a person sees while a call runs, or undefined for events that tell them nothing. */
export function describeProgress(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case "database_opened":
      return `Connected to ${event.target}.`;
    case "history_created":
      return "Created the history tables.";
    case "migration_written":
      return `Wrote ${event.path}.`;
    case "file_archived":
      return `Archived ${event.path}.`;
    case "change_step":
      return undefined;
    case "change_committed":
      return "Files and history are changed; clearing up.";
    case "change_recovered":
      return `An earlier change that had been cut off is ${event.outcome}.`;
    case "lock_waiting":
      return `Waiting for a lock since ${Math.round(event.waitedMs / 1000)} s.`;
    case "migration_started":
      return `Migration ${event.version} (${event.position} of ${event.total}).`;
    case "statement_finished":
      return `Migration ${event.version}: statement ${event.position} of ${event.total}.`;
    case "phase_started":
      return `Phase ${event.phase}.`;
    case "batch_finished":
      return `Phase ${event.phase}: batch ${event.batch}, ${event.rowsDone} of about ${event.rowsTotal} rows.`;
    case "phase_finished":
      return `Phase ${event.phase} ${event.status.replace("_", " ")}.`;
    case "migration_finished":
      return `Migration ${event.version} ${event.status}.`;
  }
}
