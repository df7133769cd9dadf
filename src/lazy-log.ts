import type { Log, LogSettings } from "./logging.ts";
import { logLevels, type LogLevel } from "./config/settings.ts";

/** A log that can be waited for, because its writer is loaded at the first line. */
export interface LazyLog extends Log {
  /** Resolves when every line is written. */
  readonly written: () => Promise<void>;
}

/** The levels at which each kind of line can appear at most; below them the writer need not be loaded. */
const levelOf: Readonly<Record<keyof Log, LogLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  event: "warn",
  fault: "error",
};

/** Loads pino at the first line: most starts over stdio write none, and it costs a fifth of the start. */
export function createLazyLog(settings: LogSettings): LazyLog {
  let last: Promise<void> = Promise.resolve();
  let loading: Promise<Log> | undefined;
  const load = (): Promise<Log> =>
    (loading ??= import("./logging.ts").then(({ createLog }) => createLog(settings)));
  const enqueue = (kind: keyof Log, write: (log: Log) => void): void => {
    if (logLevels.indexOf(levelOf[kind]) < logLevels.indexOf(settings.level)) return;
    last = last.then(async () => write(await load()));
  };
  return {
    debug: (...line) => enqueue("debug", (log) => log.debug(...line)),
    info: (...line) => enqueue("info", (log) => log.info(...line)),
    warn: (...line) => enqueue("warn", (log) => log.warn(...line)),
    error: (...line) => enqueue("error", (log) => log.error(...line)),
    event: (...line) => enqueue("event", (log) => log.event(...line)),
    fault: (...line) => enqueue("fault", (log) => log.fault(...line)),
    written: () => last,
  };
}
