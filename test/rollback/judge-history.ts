import { cp, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { withoutBookkeeping } from "../baseline/run-recorded.ts";
import { readOracle } from "../drift/catalog-oracle.ts";
import { separateVersions } from "../histories/replay-history.ts";
import type { RealHistory } from "../histories/real-histories.ts";
import { createProject, type TestProject } from "../support/project.ts";

/** What came of the ways back of one history's migrations. */
export interface JudgedHistory {
  readonly applied: number;
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
  /** Files to judge from the beginning; all where absent. */
  readonly most?: number;
  /** Every how many of them one is rolled back for real. */
  readonly every: number;
}

/** Applies the files one after the other as far as they go, and rolls back some of them by the tool. */
export async function judgeHistory(
  history: RealHistory,
  { url, most, every }: Order,
): Promise<JudgedHistory> {
  const project = await createProject({ url, settings: { rollbackWindowHours: 48 } });
  const [folder, aside] = [path.join(project.dir, "supabase/migrations"), path.join(project.dir, "aside")];
  try {
    await mkdir(path.dirname(folder));
    await mkdir(aside);
    await cp(history.migrationsDir, folder, { recursive: true });
    const files = await separateVersions(history.fileNames, folder);
    for (const file of files) await rename(path.join(folder, file), path.join(aside, file));
    const verdicts: Record<string, number> = {};
    const without: string[] = [];
    let [applied, carriedOut, applyMs] = [0, 0, 0];
    for (const [index, file] of files.slice(0, most).entries()) {
      const isChecked = index % every === every - 1;
      const before = isChecked ? withoutBookkeeping(await readOracle(url)) : undefined;
      await rename(path.join(aside, file), path.join(folder, file));
      const startedMs = performance.now();
      const rollback = await applyFile(project, file);
      applyMs += performance.now() - startedMs;
      if (rollback === undefined) {
        await rename(path.join(folder, file), path.join(aside, file));
        continue;
      }
      applied += 1;
      const verdict = rollback.slice(0, rollback.indexOf(":"));
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (!verdict.startsWith("proven")) without.push(`${file}: ${rollback}`);
      // Rows that stay can keep the same file from being applied again.
      if (before === undefined || verdict !== "proven") continue;
      await rollBack(project);
      expect(withoutBookkeeping(await readOracle(url)), `${file} is undone as a whole`).toEqual(before);
      expect(await applyFile(project, file), `${file} is applied again`).toBeDefined();
      carriedOut += 1;
    }
    return { applied, verdicts, carriedOut, without, applyMs: Math.round(applyMs) };
  } finally {
    await project.remove();
  }
}

/** How the file can be undone; undefined where it is not applied. */
async function applyFile({ engine }: TestProject, file: string): Promise<string | undefined> {
  const asked = await engine.applyMigration({ file }, {});
  const report =
    asked.status === "confirmation_required" && asked.plan_id !== undefined
      ? await engine.applyMigration({ file, confirm: asked.plan_id }, {})
      : asked;
  return report.status === "applied" ? report.migrations[0]?.rollback : undefined;
}

async function rollBack({ engine }: TestProject): Promise<void> {
  const asked = await engine.rollbackMigration({}, {});
  const report =
    asked.status === "confirmation_required" && asked.plan_id !== undefined
      ? await engine.rollbackMigration({ confirm: asked.plan_id }, {})
      : asked;
  expect(report.status).toBe("rolled_back");
}
