import type { Version } from "./version.ts";

/** What the engine tells while it works; turned into log lines and progress by others. Never holds SQL, rows or secrets. */
export type EngineEvent =
  | { readonly kind: "database_opened"; readonly target: string; readonly durationMs: number }
  | { readonly kind: "history_created" }
  | { readonly kind: "migration_written"; readonly version: Version; readonly path: string }
  | { readonly kind: "file_archived"; readonly path: string; readonly archivedPath: string }
  /** Told before each step of a change of files and history; the number of steps is known to nobody before. */
  | { readonly kind: "change_step"; readonly step: number }
  | { readonly kind: "change_committed"; readonly runId: string }
  | { readonly kind: "change_recovered"; readonly runId: string; readonly outcome: "finished" | "undone" }
  | { readonly kind: "lock_waiting"; readonly attempt: number; readonly waitedMs: number }
  | {
      readonly kind: "migration_started";
      readonly version: Version;
      readonly position: number;
      readonly total: number;
    }
  | {
      readonly kind: "statement_finished";
      readonly version: Version;
      readonly position: number;
      readonly total: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: "batch_finished";
      /** The phase's number. */
      readonly phase: string;
      readonly batch: number;
      readonly rowsDone: number;
      /** As known when the phase began. */
      readonly rowsTotal: number;
      readonly durationMs: number;
    }
  | { readonly kind: "phase_started"; readonly phase: string }
  | {
      readonly kind: "phase_finished";
      readonly phase: string;
      readonly status: "completed" | "in_progress" | "failed";
      readonly durationMs: number;
    }
  | {
      readonly kind: "migration_finished";
      readonly version: Version;
      readonly status: "applied" | "failed" | "rehearsed" | "in_doubt";
      readonly durationMs: number;
    };
