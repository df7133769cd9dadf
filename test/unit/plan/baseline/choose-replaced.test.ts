import { describe, expect, it } from "vitest";
import { reconcile } from "../../../../src/engine/compare/reconcile.ts";
import type { HistoryEntry } from "../../../../src/engine/model/history.ts";
import type { MigrationFile } from "../../../../src/engine/model/migration.ts";
import { recordedVersion } from "../../../../src/engine/model/version.ts";
import { chooseReplaced } from "../../../../src/engine/plan/baseline/choose-replaced.ts";
import { sqlFingerprint } from "../../../../src/engine/sql/token-stream.ts";

const now = new Date("2026-11-23T01:02:03Z");

function fileOf(fileName: string): MigrationFile {
  const [version = "", ...rest] = fileName.split("_");
  const sql = `select '${fileName}'`;
  return {
    version: recordedVersion(version),
    name: rest.join("_"),
    fileName: `${fileName}.sql`,
    content: { kind: "sql", sql, checksum: sql, fingerprint: sqlFingerprint(sql) },
    skippedByCli: false,
  };
}

function entryOf(name: string): HistoryEntry {
  const [version = "", ...rest] = name.split("_");
  return {
    version: recordedVersion(version),
    name: rest.join("_"),
    statements: [`select '${name}'`],
    createdBy: undefined,
    run: undefined,
  };
}

function choose(files: readonly string[], entries: readonly string[]) {
  const history = { exists: true, entries: entries.map(entryOf), unfinished: [] };
  const chosen = chooseReplaced(history, reconcile({ files: files.map(fileOf), history }), now);
  const names = (list: readonly MigrationFile[]) =>
    list.map(({ fileName }) => fileName.replace(/\.sql$/, ""));
  return {
    version: chosen.version,
    versions: chosen.versions,
    applied: names(chosen.applied),
    neverApplied: names(chosen.neverApplied),
    pending: names(chosen.pending),
  };
}

describe("what a baseline takes the place of", () => {
  it("is all that is recorded, under the newest version, with the files that ran and those that nothing would ever run", () => {
    expect(
      choose(
        ["108_old", "20260101000000_a", "20260102000000_late", "20260109000000_new"],
        ["20260101000000_a", "20260103000000_gone"],
      ),
    ).toEqual({
      version: "20260103000000",
      versions: ["20260101000000", "20260103000000"],
      applied: ["20260101000000_a"],
      neverApplied: ["108_old", "20260102000000_late"],
      pending: ["20260109000000_new"],
    });
  });

  it("gets a version of its own where the newest is no instant and nothing is pending", () => {
    expect(choose(["108_a"], ["108_a"])).toMatchObject({ version: "20261123010203", applied: ["108_a"] });
  });

  it("is refused where a pending file would come before such a version", () => {
    expect(() => choose(["108_a", "109_b"], ["108_a"])).toThrow(/no instant/);
  });

  it("is refused where nothing is recorded", () => {
    expect(() => choose(["20260101000000_a"], [])).toThrow(/no applied migration/);
  });
});
