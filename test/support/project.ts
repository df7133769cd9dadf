import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createEngine, type Engine, type EngineEvent, type ProgramSettings } from "../../src/engine/index.ts";

/** A project folder of its own with an engine on it. */
export interface TestProject {
  readonly dir: string;
  readonly engine: Engine;
  /** What the engine has told so far. */
  readonly events: readonly EngineEvent[];
  /** Another engine on the same folder and target, as another process would have. */
  readonly anotherEngine: (settings?: Partial<ProgramSettings>) => Engine;
  /** Writes files, by their path below the project. */
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** Closes every engine and removes the folder. */
  readonly remove: () => Promise<void>;
}

const defaults = {
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 5_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  // A way back costs three looks at the schema a migration; tests that are about it ask for it.
  rollbackWindowHours: 0,
} as const;

/** Makes a project with the given files; its target is a Postgres address, or the embedded database in memory. */
export async function createProject(options: {
  readonly url?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Partial<ProgramSettings>;
}): Promise<TestProject> {
  const dir = await mkdtemp(join(tmpdir(), "godwit-project-"));
  const events: EngineEvent[] = [];
  const engines: Engine[] = [];
  const target: ProgramSettings["target"] =
    options.url === undefined
      ? { kind: "embedded", dataDir: "memory" }
      : { kind: "postgres", url: options.url };
  const open = (settings: Partial<ProgramSettings> = {}) => {
    const observe = (event: EngineEvent) => void events.push(event);
    const engine = createEngine({
      ...defaults,
      target,
      projectDir: dir,
      observe,
      ...options.settings,
      ...settings,
    });
    engines.push(engine);
    return engine;
  };
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    }
  };
  await write(options.files ?? {});
  return {
    dir,
    engine: open(),
    events,
    anotherEngine: open,
    write,
    remove: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
