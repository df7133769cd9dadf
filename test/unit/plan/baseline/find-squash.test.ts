import { describe, expect, it } from "vitest";
import { reconcile } from "../../../../src/engine/compare/reconcile.ts";
import type { HistoryEntry } from "../../../../src/engine/model/history.ts";
import type { MigrationFile } from "../../../../src/engine/model/migration.ts";
import { recordedVersion } from "../../../../src/engine/model/version.ts";
import { findSquash } from "../../../../src/engine/plan/baseline/find-squash.ts";
import { versionBeforePending } from "../../../../src/engine/plan/place-given-sql.ts";
import { sqlFingerprint } from "../../../../src/engine/sql/token-stream.ts";

function fileOf(version: string): MigrationFile {
  const sql = `select '${version}'`;
  return {
    version: recordedVersion(version),
    name: "a",
    fileName: `${version}_a.sql`,
    content: { kind: "sql", sql, checksum: sql, fingerprint: sqlFingerprint(sql) },
    skippedByCli: false,
  };
}

/** Recorded with the file's SQL; with another after `!`, with none after `?`. */
function entryOf(text: string): HistoryEntry {
  const version = text.replace(/[!?]$/, "");
  const statements = text.endsWith("?")
    ? undefined
    : [text.endsWith("!") ? "select 'x'" : `select '${version}'`];
  return { version: recordedVersion(version), name: "a", statements, createdBy: undefined, run: undefined };
}

function statusesOf(files: readonly string[], entries: readonly string[]) {
  const history = { exists: true, entries: entries.map(entryOf), unfinished: [] };
  return reconcile({ files: files.map(fileOf), history });
}

function find(files: readonly string[], entries: readonly string[]) {
  const squash = findSquash(statusesOf(files, entries));
  return squash === undefined ? undefined : [squash.file.version, ...squash.standsFor];
}

const [zero, a, b, c, d, e] = [
  "00000000000000",
  "20260101000000",
  "20260102000000",
  "20260103000000",
  "20260104000000",
  "20260105000000",
] as const;

describe("a squash that others made", () => {
  it.each([
    ["never applied", [c, d], [a, b]],
    ["never applied, and newer ones were", [c, d], [a, b, d]],
    ["rewritten under the newest version that it stands for", [c, d], [a, b, `${c}!`]],
    ["marked as applied", [c], [a, b, c]],
  ])("is the first file where it was %s, for the files gone before it", (_, files, entries) => {
    expect(find(files, entries)).toEqual([c, a, b]);
  });

  it.each([
    ["never applied", [zero, d], [a, b, d]],
    ["recorded without SQL", [zero, d], [`${zero}?`, a, b]],
    ["rewritten", [zero, d], [`${zero}!`, a, b]],
  ])(
    "may have a version older than all that it stands for, where it was %s: then it stands for what is gone up to the next file",
    (_, files, entries) => {
      expect(find(files, [...entries, e])).toEqual([zero, a, b]);
    },
  );

  it("is no first file whose own SQL ran, with files gone after it; nor any where none is gone", () => {
    expect(find([a, d], [a, b, c])).toBeUndefined();
    expect(find([a, b], [a])).toBeUndefined();
    expect(find([a, b], [c, d])).toBeUndefined();
    expect(find([], [a])).toBeUndefined();
  });
});

describe("the version before pending files", () => {
  it("is right after all that is recorded, where it is free", () => {
    expect(versionBeforePending(statusesOf([a, c], [a]).statuses)).toBe("20260101000001");
    expect(versionBeforePending(statusesOf([a, "20260101000001"], [a]).statuses)).toBeUndefined();
    expect(versionBeforePending(statusesOf([a], [a]).statuses)).toBeUndefined();
  });
});
