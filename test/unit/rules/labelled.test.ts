import { describe, expect, it } from "vitest";
import { rules } from "../../../src/engine/rules/index.ts";
import { judgeText, namesIn } from "./judge-text.ts";
import { labelledLive } from "./labelled-live.ts";
import { labelled } from "./labelled.ts";
import { named } from "./named.ts";
import { liveWorld } from "./live-world.ts";

describe("the rules", () => {
  it.each(labelled)("say of %s: %s", async (sql, findings) => {
    expect(await judgeText(sql)).toBe(findings);
  });

  it.each(labelledLive)("say of %s in a live schema: %s", async (sql, findings) => {
    expect(await judgeText(sql, liveWorld)).toBe(findings);
  });

  it.each(named)("name what they tell of: %s: %s", async (sql, told) => {
    expect(await namesIn(sql)).toContain(told);
  });

  it("have ids and names of their own", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});
