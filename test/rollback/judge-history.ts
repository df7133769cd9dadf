import { cp, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { withoutBookkeeping } from "../baseline/run-recorded.ts";
import { readOracle } from "../drift/catalog-oracle.ts";
import { applyApproved } from "../histories/apply-approved.ts";
import { mendByHand } from "../histories/mend-by-hand.ts";
import { separateVersions } from "../histories/replay-history.ts";
import type { RealHistory } from "../histories/real-histories.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { readRows } from "./read-rows.ts";
import { rollBack } from "./roll-back.ts";

/** What came of the ways back of one history's migrations. */
export interface JudgedHistory {
  readonly applied: number;
  /** Files that the database refused; what works in them was run by hand. */
  readonly refused: number;
  /** How many have each verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Migrations rolled back for real, looked at with the independent query, and applied again. */
  readonly carriedOut: number;
  /** Each file without a proved way back, and why. */
  readonly without: readonly string[];
  /** Milliseconds of applying, the ways back included. */
  readonly applyMs: number;
}

interface Order {
  readonly url: string;
  /** The first file to judge, counted from 0, and the one behind the last; those before are only applied. */
  readonly from?: number;
  readonly to?: number;
  /** Every how many of them one is rolled back for real. */
  readonly every: number;
}

/** Applies the files one after the other as far as they go, and rolls back some of them by the tool. */
export async function judgeHistory(
  history: RealHistory,
  { url, from = 0, to, every }: Order,
): Promise<JudgedHistory> {
  const project = await createProject({ url });
  const judging = project.anotherEngine({ rollbackWindowHours: 48 });
  const [folder, aside] = [path.join(project.dir, "supabase/migrations"), path.join(project.dir, "aside")];
  try {
    await mkdir(path.dirname(folder));
    await mkdir(aside);
    await cp(history.migrationsDir, folder, { recursive: true });
    const files = await separateVersions(history.fileNames, folder);
    for (const file of files) await rename(path.join(folder, file), path.join(aside, file));
    const verdicts: Record<string, number> = {};
    const without: string[] = [];
    let [applied, refused, carriedOut, applyMs] = [0, 0, 0, 0];
    for (const [index, file] of files.slice(0, to).entries()) {
      await rename(path.join(aside, file), path.join(folder, file));
      const engine = index < from ? project.engine : judging;
      const isChecked = index >= from && index % every === every - 1;
      const before = isChecked ? await readState(url) : undefined;
      const startedMs = performance.now();
      const result = await applyFile(engine, file);
      applyMs += performance.now() - startedMs;
      if (result === undefined) {
        await rename(path.join(folder, file), path.join(aside, file));
        await mend(url, path.join(aside, file));
        refused += 1;
        continue;
      }
      if (index < from) continue;
      applied += 1;
      const { verdict, rollback } = result;
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (!verdict.startsWith("proven")) without.push(`${file}: ${rollback}`);
      // Rows that stay can keep the same file from being applied again.
      if (before === undefined || !["proven", "lossy"].includes(verdict)) continue;
      await rollBack(judging);
      const end = await readState(url);
      expect(end.schema, `${file} is undone as a whole`).toEqual(before.schema);
      if (verdict === "proven") expect(end.rows, `${file} leaves the rows as they were`).toEqual(before.rows);
      expect(await applyFile(judging, file), `${file} is applied again`).toBeDefined();
      carriedOut += 1;
    }
    return { applied, refused, verdicts, carriedOut, without, applyMs: Math.round(applyMs) };
  } finally {
    await project.remove();
  }
}

async function readState(url: string) {
  return { schema: withoutBookkeeping(await readOracle(url)), rows: await readRows(url) };
}

/** How the file can be undone; undefined where it is not applied. */
async function applyFile(
  engine: TestProject["engine"],
  file: string,
): Promise<{ readonly verdict: string; readonly rollback: string } | undefined> {
  const report = await applyApproved(engine, { file });
  if (report.status !== "applied") return undefined;
  const rollback = report.migrations[0]?.rollback ?? "none:";
  return { verdict: rollback.slice(0, rollback.indexOf(":")), rollback };
}

/** What works in a refused file is run by hand, so that the next file finds what it was written for. */
async function mend(url: string, file: string): Promise<void> {
  const database = await openDatabase({ kind: "postgres", url });
  await mendByHand(database, file);
  await database.close();
}
