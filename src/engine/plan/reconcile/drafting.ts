import type { FreeVersions } from "./free-versions.ts";

/** What drafting a step needs beside its status. */
export interface Drafting {
  readonly versions: FreeVersions;
  /** What the caller gave as reason. */
  readonly reason: string | undefined;
  /** File names that another tool's table records as run, with the table's name. */
  readonly foreign: ReadonlyMap<string, string>;
}
