import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/engine/model/catalog.ts";
import {
  adviseUnproved,
  describeDifferences,
  listDifferences,
  summarizeUnproved,
  type Unproved,
} from "../../../src/engine/report/explain-unproved.ts";
import { createFence } from "../../../src/engine/report/fence.ts";
import { fact } from "../plan/schema-change/catalog-builder.ts";

const table = (name: string) => fact({ kind: "table", schema: "public", name });
const changes: readonly Change[] = Array.from({ length: 60 }, (_, index) => {
  const own = table(`t${index}`);
  return { kind: index < 40 ? "added" : "removed", key: own.key, fact: own };
});

const unproved: Unproved = {
  from: "baseline",
  fileName: "20260103000000_squash.sql",
  statements: 3,
  differences: changes,
  refusals: [],
  rowDifferences: [],
  failures: [],
  standing: { version: "20260103000000", action: "mark_applied", isPending: true },
};

const advise = (given: Unproved, shadowUrl?: string) =>
  adviseUnproved(given, listDifferences(given, createFence("x")), shadowUrl);

describe("a squash that does not lead to the live schema", () => {
  it("is told with how much each side has more, counted by kind, and the first differences", () => {
    const items = listDifferences(unproved, createFence("x"));
    expect(summarizeUnproved(unproved, items)).toContain("60 places (20 only live, 40 only in the file)");
    const told = describeDifferences(items, false);
    expect(told.difference_counts).toEqual({ "table only_in_files": 40, "table only_in_live": 20 });
    expect((told.differences?.length ?? 0) + (told.differences_left_out ?? 0)).toBe(60);
    expect(JSON.stringify(told).length).toBeLessThan(4_000);
  });

  it("leads on by exact calls: the live schema is right, or the file is", () => {
    const steps = advise(unproved).join("\n");
    expect(steps).toContain('actions: ["archive_file 20260103000000_squash.sql"]');
    expect(steps).toContain("create_baseline {} makes another one");
    expect(steps).toContain('actions: ["mark_reverted all", "mark_applied 20260103000000"], reason: "…"');
    expect(steps).not.toContain("--shadow-url");
  });

  it("is told to make nothing where it holds no statement, and nobody is led to take its word", () => {
    const hollow = { ...unproved, statements: 0 };
    expect(summarizeUnproved(hollow, [])).toContain("makes nothing");
    expect(advise(hollow)).toHaveLength(1);
  });

  it("names the pending files that may have run already, by the calls that say so", () => {
    const explained = new Map(changes.map(({ key }) => [key, "migrations/20260104000000_more.sql"]));
    const [first] = advise({ ...unproved, explained });
    expect(first).toContain('actions: ["mark_applied 20260104000000_more.sql"], reason: "…"');
  });

  it("asks for statements that do not run to be corrected, and for a server where an extension is what they lack", () => {
    const failing = (cause: string) => ({ ...unproved, failures: [{ file: "a.sql", line: 1, cause }] });
    expect(advise(failing('type "x" does not exist'))[0]).toContain("Correct what failures");
    const lacking = failing('extension "postgis" is not available');
    expect(summarizeUnproved(lacking, [])).toContain("has no extension postgis");
    expect(advise(lacking)[0]).toContain("on a server that has postgis");
    expect(advise(lacking, "postgres://shadow")[0]).toContain("on another server, one that has postgis");
    expect(advise({ ...lacking, from: "live" })[0]).toContain("has postgis");
  });
});
