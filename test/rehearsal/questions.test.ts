import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { createEngineOn } from "../../src/engine/engine.ts";
import { mendByHand } from "../histories/mend-by-hand.ts";
import { hasHistories, readHistories, type RealHistory } from "../histories/real-histories.ts";
import { separateVersions } from "../histories/replay-history.ts";

/** A file that was asked about before it was applied, and why. */
interface Question {
  readonly file: string;
  readonly losses: readonly string[];
  readonly errors: readonly string[];
}

describe.skipIf(!hasHistories)("real histories, file by file on an empty embedded database", () => {
  const questions: Question[] = [];
  let files = 0;

  for (const history of readHistories()) {
    test(
      `${history.name} is applied with a yes wherever one is asked for`,
      { timeout: 600_000 },
      async () => {
        const asked = await applyAnswering(history);
        files += history.fileNames.length;
        questions.push(...asked);
        for (const { file, losses, errors } of asked)
          process.stderr.write(`asked: ${history.name}/${file}: ${[...losses, ...errors].join("; ")}\n`);
      },
    );
  }

  test("asks about few files only, and of each says what it would destroy or open", () => {
    process.stderr.write(`asked about ${questions.length} of ${files} files\n`);
    expect(questions.filter(({ losses, errors }) => losses.length + errors.length === 0)).toEqual([]);
    expect(questions.length / files).toBeLessThan(0.03);
  });
});

async function applyAnswering(history: RealHistory): Promise<readonly Question[]> {
  const projectDir = await mkdtemp(path.join(tmpdir(), "godwit-questions-"));
  const [folder, aside] = [path.join(projectDir, "migrations"), path.join(projectDir, "aside")];
  const target = { kind: "embedded", dataDir: "memory" } as const;
  const database = await openDatabase(target);
  const engine = createEngineOn({ ...settings, projectDir, observe: () => undefined }, async () => database);
  const asked: Question[] = [];
  try {
    await cp(history.migrationsDir, folder, { recursive: true });
    await mkdir(aside);
    const names = await separateVersions(history.fileNames, folder);
    for (const file of names) await rename(path.join(folder, file), path.join(aside, file));
    for (const file of names) {
      await rename(path.join(aside, file), path.join(folder, file));
      const report = await engine.applyMigration({ file }, {});
      if (report.status !== "confirmation_required" && report.status !== "failed") continue;
      if (report.status === "confirmation_required") {
        asked.push({
          file,
          losses: (report.losses ?? []).map(
            ({ object, change, rows }) => `${change} ${object} ${rows ?? ""}`,
          ),
          errors: (report.findings ?? []).map(
            ({ severity, code, message }) => `${severity} ${code} ${message}`,
          ),
        });
        const confirmed = await engine.applyMigration({ file, confirm: report.plan_id ?? "" }, {});
        if (confirmed.status === "applied") continue;
        expect(confirmed.status).toBe("failed");
      }
      await mendByHand(database, path.join(folder, file));
      await rename(path.join(folder, file), path.join(aside, file));
    }
    return asked;
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
} as const;
