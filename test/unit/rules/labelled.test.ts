import { describe, expect, it } from "vitest";
import { rules } from "../../../src/engine/rules/index.ts";
import { judgeText } from "./judge-text.ts";
import { labelled } from "./labelled.ts";

describe("the rules", () => {
  it.each(labelled)("say of %s: %s", async (sql, findings) => {
    expect(await judgeText(sql)).toBe(findings);
  });

  it("have ids and names of their own", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});
