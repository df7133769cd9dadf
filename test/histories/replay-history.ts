import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import type {
  ApplyMigrationReport,
  Engine,
  FailureReport,
  ListMigrationsReport,
} from "../../src/engine/index.ts";
import { applyApproved } from "./apply-approved.ts";
import { mendByHand } from "./mend-by-hand.ts";
import type { RealHistory } from "./real-histories.ts";

interface Failed {
  /** The file's name in the history, whatever version it was given for the replay. */
  readonly file: string;
  readonly failure: FailureReport;
}

export interface Replayed {
  /** The folder as it is in the repository, before anything is applied. */
  readonly before: ListMigrationsReport;
  readonly failed: readonly Failed[];
  readonly after: ListMigrationsReport;
}

/**
 * Applies a history as a person would who wants to get as far as it goes: all of it until a file fails, then file after
 * file. What works in a failed file is run by hand, so that the next file finds what the plain replay found.
 * Files that share a version get one of their own, without which the history could hold one of them only.
 */
export async function replayHistory(history: RealHistory, url?: string): Promise<Replayed> {
  const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-history-"));
  const [folder, aside] = [path.join(projectDir, "migrations"), path.join(projectDir, "aside")];
  const target =
    url === undefined
      ? ({ kind: "embedded", dataDir: "memory" } as const)
      : ({ kind: "postgres", url } as const);
  const database = await openDatabase(target);
  const engine = createEngineOn({ ...settings, projectDir, observe: () => undefined }, async () => database);
  try {
    await cp(history.migrationsDir, folder, { recursive: true });
    await mkdir(aside);
    const before = await engine.listMigrations({ limit: "all" }, {});
    const files = await separateVersions(history.fileNames, folder);
    const failures = await applyOneByOne({ engine, database, files, folder, aside });
    for (const file of failures.keys()) await rename(path.join(aside, file), path.join(folder, file));
    const failed = [...failures].map(([file, failure]) => ({
      file: history.fileNames[files.indexOf(file)] ?? file,
      failure,
    }));
    return { before, failed, after: await engine.listMigrations({ limit: "all" }, {}) };
  } finally {
    await engine.close();
    await rm(projectDir, { recursive: true, force: true });
  }
}

const settings = {
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 5_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  // Ways back are judged by test/rollback.
  rollbackWindowHours: 0,
} as const;

interface Attempt {
  readonly engine: Engine;
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  /** In the order of the plain replay. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly aside: string;
}

/** The failures by file; failed files are left in `aside`, as a project keeps them under another suffix. */
async function applyOneByOne(attempt: Attempt): Promise<ReadonlyMap<string, FailureReport>> {
  const { engine, files, folder, aside } = attempt;
  const failures = new Map<string, FailureReport>();
  const done = new Set<string>();
  const settle = async (report: ApplyMigrationReport): Promise<void> => {
    for (const { file, outcome } of report.migrations)
      if (outcome === "applied") done.add(path.basename(file));
    if (report.failure === undefined) return;
    const file = await setAside(attempt, report.failure);
    failures.set(file, report.failure);
    done.add(file);
  };
  await settle(await applyApproved(engine, {}));
  const waiting = () => files.filter((file) => !done.has(file));
  for (const file of waiting()) await rename(path.join(folder, file), path.join(aside, file));
  for (let batch = nextBatch(waiting(), done); batch.length > 0; batch = nextBatch(waiting(), done)) {
    const [first = ""] = batch;
    for (const file of batch) await rename(path.join(aside, file), path.join(folder, file));
    await settle(await applyApproved(engine, batch.length === 1 ? { file: first } : {}));
    if (!done.has(first)) throw new Error(`${first} was neither applied nor refused.`);
    for (const file of batch.filter((name) => !done.has(name)))
      await rename(path.join(folder, file), path.join(aside, file));
  }
  return failures;
}

// Where half of the files fail, a larger one is planned again and again.
const batchSize = 3;

/** The files that come next and are pending; one that is out of order comes alone, because it has to be named. */
function nextBatch(waiting: readonly string[], done: ReadonlySet<string>): readonly string[] {
  let newest = [...done].map(versionOf).reduce((a, b) => (a > b ? a : b), "");
  const pending: string[] = [];
  for (const file of waiting.slice(0, batchSize)) {
    if (versionOf(file) <= newest) break;
    newest = versionOf(file);
    pending.push(file);
  }
  return pending.length > 0 ? pending : waiting.slice(0, 1);
}

/** Mends by hand what a failed file was to do, and takes it out of the folder. */
async function setAside(attempt: Attempt, failure: FailureReport): Promise<string> {
  const { database, files, folder, aside } = attempt;
  const file = path.basename(failure.file ?? "");
  if (!files.includes(file)) throw new Error(`A failure names no file: ${JSON.stringify(failure)}`);
  await mendByHand(database, path.join(folder, file));
  await rename(path.join(folder, file), path.join(aside, file));
  return file;
}

function versionOf(fileName: string): string {
  return fileName.slice(0, fileName.indexOf("_"));
}

/** Gives all but the first file of a version more digits, which sort right behind it. Answers the new names in order. */
export async function separateVersions(
  fileNames: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const seen = new Map<string, number>();
  const names: string[] = [];
  for (const fileName of fileNames) {
    const version = versionOf(fileName);
    const earlier = seen.get(version) ?? 0;
    seen.set(version, earlier + 1);
    const own = earlier === 0 ? version : `${version}${String(earlier).padStart(3, "0")}`;
    const name = own + fileName.slice(version.length);
    if (name !== fileName) await rename(path.join(folder, fileName), path.join(folder, name));
    names.push(name);
  }
  return names;
}
