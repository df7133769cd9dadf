import type { CommandSpec } from "./command-line.ts";

/** What loading is given instead of reading the process. */
export interface Surroundings {
  /** The arguments behind the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDir: string;
  readonly commands: readonly CommandSpec[];
  /** The file's text, or undefined where there is none. Throws where it cannot be read. */
  readonly readText: (path: string) => string | undefined;
  readonly isFolder: (path: string) => boolean;
}
