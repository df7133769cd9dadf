import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { FailureReport } from "../../src/engine/index.ts";
import type { RealHistory } from "./real-histories.ts";
import type { Replayed } from "./replay-history.ts";

export type ReplayEngine = "pglite" | "native18";

/** Holds the listing before anything was applied to the folder and to the history's statistics. */
export function expectListing({ meta, fileNames }: RealHistory, { before }: Replayed): void {
  const listed = before.migrations.map(({ file }) => path.basename(file ?? ""));
  expect(listed.toSorted()).toEqual(fileNames.toSorted());
  const extra = Object.values(meta.duplicate_versions).reduce((sum, count) => sum + count - 1, 0);
  expect(before.counts.duplicate_version ?? 0).toBe(extra);
  expect(before.counts.pending).toBe(fileNames.length - extra);
  const filesWith = (code: string) =>
    before.findings
      .filter((finding) => finding.code === code)
      .map(({ file }) => path.basename(file ?? ""))
      .toSorted();
  expect(filesWith("impossible_instant")).toEqual(meta.invalid_timestamps.toSorted());
  const shared = fileNames.filter((fileName) => (meta.duplicate_versions[versionOf(fileName)] ?? 0) > 1);
  expect(filesWith("duplicate_version")).toEqual(shared.toSorted());
  const passedOver = before.findings.filter(
    ({ code, severity }) => code === "bad_file_name" && severity === "warning",
  );
  expect(passedOver).toHaveLength(meta.sql_top_level - meta.match_cli_pattern);
}

/** Holds the failures, file by file and SQLSTATE by SQLSTATE, to what the plain replay did on that engine. */
export function expectFailures(history: RealHistory, { failed }: Replayed, engine: ReplayEngine): void {
  const expected = expectedFailures(history, engine);
  const found = new Map(failed.map(({ file, failure }) => [file, sqlstateOf(history, file, failure)]));
  expect(Object.fromEntries(found)).toEqual(expected);
  for (const { file, failure } of failed) expectPlace(history, file, failure);
}

/** Everything that did not fail is applied; what failed waits, out of order where something newer was applied. */
export function expectStates(history: RealHistory, { after, failed }: Replayed): void {
  const applied = after.migrations.filter(({ state }) => state === "applied");
  expect(applied).toHaveLength(history.fileNames.length - failed.length);
  const newest = applied.map(({ version }) => version).reduce((a, b) => (a > b ? a : b), "");
  const waiting = after.migrations.filter(({ state }) => state !== "applied");
  expect(waiting.map(({ version, state }) => [version, state])).toEqual(
    waiting.map(({ version }) => [version, version > newest ? "pending" : "out_of_order"]),
  );
}

const unknown = "any";

function expectedFailures(history: RealHistory, engine: ReplayEngine): Record<string, string> {
  const listed = history.replay.failed.filter(({ fails_on }) => fails_on.includes(engine));
  const expected = Object.fromEntries(
    listed.map(({ file, sqlstate }) => [file, startsWithMark(history, file) ? unknown : sqlstate]),
  );
  // Failures that only the replay's stand-in for pgvector brought are counted there and named as the first at most.
  const run = Object.entries(history.replay.engines).find(([name]) => name.startsWith(runNames[engine]))?.[1];
  const isFirstMissing = run !== undefined && run.failed_files === listed.length + 1;
  return isFirstMissing && run.first_failure_file !== null
    ? { ...expected, [run.first_failure_file]: "22023" }
    : expected;
}

const runNames = { pglite: "pglite", native18: "native 18" } as const;

/** A byte order mark fails in a plain replay and is taken off by Godwit, as by the CLI: the file gets to its next fault. */
function startsWithMark({ migrationsDir }: RealHistory, file: string): boolean {
  return readFileSync(path.join(migrationsDir, file), "utf8").startsWith("\uFEFF");
}

function sqlstateOf(history: RealHistory, file: string, { sqlstate }: FailureReport): string {
  return startsWithMark(history, file) ? unknown : (sqlstate ?? "none");
}

function expectPlace({ migrationsDir }: RealHistory, file: string, failure: FailureReport): void {
  const lines = readFileSync(path.join(migrationsDir, file), "utf8").split("\n");
  const line = lines[(failure.line ?? 0) - 1]?.trim() ?? "";
  expect(line, `${file}: the failure names a line that holds SQL`).toMatch(/^(?!--)./);
  expect(failure.snippet, `${file}: the failure shows the place`).toContain("^");
}

function versionOf(fileName: string): string {
  return fileName.slice(0, fileName.indexOf("_"));
}
