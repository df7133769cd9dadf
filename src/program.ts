import type { Config } from "./config/load-config.ts";
import type { Engine } from "./engine/index.ts";
import type { LazyLog } from "./lazy-log.ts";

/** The parts of the running program. */
export interface Program {
  readonly config: Config;
  readonly engine: Engine;
  readonly log: LazyLog;
  readonly version: string;
}
