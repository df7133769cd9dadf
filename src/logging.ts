import { writeSync } from "node:fs";
import { pino, stdTimeFunctions, type Logger } from "pino";
import type { EngineEvent } from "./engine/index.ts";
import type { Fault } from "./error-answer.ts";
import type { Redact } from "./redact.ts";
import type { LogLevel } from "./config/settings.ts";

/** The program's log. Every line is one JSON object without secrets, and is written before the call returns. */
export interface Log {
  readonly debug: (message: string, facts?: object) => void;
  readonly info: (message: string, facts?: object) => void;
  readonly warn: (message: string, facts?: object) => void;
  readonly error: (error: unknown, message: string) => void;
  readonly event: (event: EngineEvent) => void;
  readonly fault: (fault: Fault) => void;
}

export interface LogSettings {
  readonly level: LogLevel;
  readonly redact: Redact;
  /** Takes one line with its end; stderr where absent. */
  readonly write?: (line: string) => void;
}

const longestStack = 4000;

/** Makes the log; it goes to stderr, because stdout belongs to the protocol. */
export function createLog({ level, redact, write = writeToStderr }: LogSettings): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: describeThrown },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(line)) },
  );
  return {
    debug: (message, facts) => logger.debug({ ...facts }, message),
    info: (message, facts) => logger.info({ ...facts }, message),
    warn: (message, facts) => logger.warn({ ...facts }, message),
    error: (error, message) => logger.error({ err: error }, message),
    event: (event) => writeEvent(logger, event),
    fault: ({ id, during, error }) => logger.error({ fault: id, during, err: error }, "fault in Godwit"),
  };
}

/** Synchronous, so that the last line before the exit is not lost; a stderr that nobody reads is no reason to fail. */
function writeToStderr(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    return;
  }
}

function writeEvent(logger: Logger, event: EngineEvent): void {
  const { kind, ...facts } = event;
  switch (event.kind) {
    case "lock_waiting":
    case "change_recovered":
      logger.warn(facts, kind);
      return;
    case "statement_finished":
    case "batch_finished":
    case "change_step":
      logger.debug(facts, kind);
      return;
    case "migration_finished":
      if (event.status === "applied" || event.status === "rehearsed") logger.info(facts, kind);
      else logger.warn(facts, kind);
      return;
    case "phase_finished":
      if (event.status === "failed") logger.warn(facts, kind);
      else logger.info(facts, kind);
      return;
    case "phase_started":
    case "database_opened":
    case "history_created":
    case "migration_written":
    case "file_archived":
    case "change_committed":
    case "migration_started":
      logger.info(facts, kind);
  }
}

/** Name, message, code, stack and causes of what was thrown; a driver's further fields are left out, because they hold SQL and rows. */
function describeThrown(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { name, message, stack, cause } = thrown;
  return {
    name,
    message,
    ...("code" in thrown ? { code: thrown.code } : {}),
    ...(stack === undefined ? {} : { stack: stack.slice(0, longestStack) }),
    ...(cause === undefined ? {} : { cause: describeThrown(cause) }),
  };
}
