import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { reconcile } from "../../../src/engine/compare/reconcile.ts";
import { readFolder } from "../../../src/engine/files/read-folder.ts";
import type { FindingCode } from "../../../src/engine/model/finding.ts";

const histories = path.resolve(import.meta.dirname, "../../../../shared/data/histories");
const isPresent = existsSync(histories);
const names = isPresent
  ? readdirSync(histories).filter((name) => existsSync(path.join(histories, name, "META.json")))
  : [];

interface Meta {
  readonly match_cli_pattern: number;
  readonly sql_top_level: number;
  readonly invalid_timestamps: readonly string[];
  readonly duplicate_versions: Readonly<Record<string, number>>;
}

const readMeta = (name: string): Meta =>
  JSON.parse(readFileSync(path.join(histories, name, "META.json"), "utf8"));

describe.skipIf(!isPresent)("real histories under ../shared/data/histories", () => {
  test.each(names.length === 0 ? ["absent"] : names)(
    "%s is listed in full, with what its statistics say",
    async (name) => {
      const dir = path.join(histories, name, "migrations");
      const meta = readMeta(name);
      const { files, findings } = await readFolder({
        dir,
        projectDir: histories,
        now: new Date("2026-11-23T00:00:00Z"),
      });
      const onDisk = readdirSync(dir, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
      const matching = onDisk
        .map((entry) => entry.name)
        .filter((fileName) => /^[0-9]+_.*\.sql$/.test(fileName));
      const withCode = (code: FindingCode) => findings.filter((finding) => finding.code === code);
      const fileNamesWith = (code: FindingCode) =>
        withCode(code)
          .map(({ file }) => path.basename(file ?? ""))
          .toSorted();

      expect(files.map(({ fileName }) => fileName).toSorted()).toEqual(matching.toSorted());
      expect(files).toHaveLength(meta.match_cli_pattern);
      expect(files.every(({ content }) => content.kind === "sql")).toBe(true);
      expect(fileNamesWith("impossible_instant")).toEqual(meta.invalid_timestamps.toSorted());
      expect(countBy(withCode("duplicate_version").map(({ version }) => version ?? ""))).toEqual(
        meta.duplicate_versions,
      );
      expect(withCode("bad_file_name").filter(({ severity }) => severity === "warning")).toHaveLength(
        meta.sql_top_level - meta.match_cli_pattern,
      );
      const { statuses } = reconcile({ files, history: { entries: [], unfinished: [] } });
      expect(statuses).toHaveLength(files.length);
      expect(statuses.every(({ kind }) => kind === "pending" || kind === "duplicate_version")).toBe(true);
    },
  );
});

function countBy(items: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
