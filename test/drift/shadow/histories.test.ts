import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { withShadow } from "../../../src/engine/shadow/replay.ts";

// A start takes a second on a quiet machine and ten on a busy one.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const folder = join(import.meta.dirname, "../../../../shared/data/histories");
const histories = existsSync(folder) ? readdirSync(folder) : [];

interface Expectation {
  readonly failed: readonly { readonly file: string }[];
  readonly engines: Readonly<Record<string, { readonly objects: Readonly<Record<string, unknown>> }>>;
}

const readFiles = (history: string) =>
  readdirSync(join(folder, history, "migrations"))
    .filter((name) => /^\d+_.*\.sql$/.test(name))
    .toSorted()
    .map((name) => ({ path: name, sql: readFileSync(join(folder, history, "migrations", name), "utf8") }));

describe.skipIf(!existsSync(folder))("a real migration history", () => {
  it.each(histories)("%s fails in no other file than was measured", async (history) => {
    const measured: Expectation = JSON.parse(readFileSync(join(folder, history, "REPLAY.json"), "utf8"));
    const mayFail = new Set(measured.failed.map(({ file }) => file));
    const { catalog, findings } = await withShadow(
      { files: readFiles(history), likeness: "supabase" },
      async (shadow) => shadow,
    );
    expect(findings.filter(({ file }) => !mayFail.has(file))).toEqual([]);
    expect(catalog.facts.size).toBeGreaterThan(0);
  });
});
