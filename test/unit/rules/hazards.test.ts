import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkStatements } from "../../../src/engine/rules/index.ts";

const file = fileURLToPath(new URL("../../../../shared/data/hazards.json", import.meta.url));
const isThere = existsSync(file);

const cases = z.array(z.object({ id: z.string(), class: z.string(), hazard: z.boolean(), sql: z.string() }));

describe.skipIf(!isThere)("the labelled statements of ../shared/data/hazards.json", () => {
  const all = isThere ? cases.parse(JSON.parse(readFileSync(file, "utf8"))) : [];

  async function missed(statements: typeof all): Promise<readonly string[]> {
    const verdicts = await Promise.all(
      statements.map(async (each) => ({ ...each, isAbove: await isAboveInfo(each.sql) })),
    );
    return verdicts.filter(({ isAbove, hazard }) => isAbove !== hazard).map(({ id, sql }) => `${id} ${sql}`);
  }

  it("are found at 95 of 100 hazards at least", async () => {
    const hazards = all.filter(({ hazard }) => hazard);
    const missing = await missed(hazards);
    expect(missing.length, missing.join("\n")).toBeLessThanOrEqual(hazards.length * 0.05);
  });

  it("are found at 27 of 29 hazards of security at least", async () => {
    const hazards = all.filter((each) => each.hazard && each.class === "sec");
    const missing = await missed(hazards);
    expect(missing.length, missing.join("\n")).toBeLessThanOrEqual(hazards.length * (2 / 29));
  });

  it("are above info at one of 20 harmless ones at most", async () => {
    const harmless = all.filter(({ hazard }) => !hazard);
    const wrong = await missed(harmless);
    expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(harmless.length / 20);
  });
});

async function isAboveInfo(sql: string): Promise<boolean> {
  const { findings } = await checkStatements({ migrations: [{ fileName: "1_a.sql", sql }] });
  return findings.some(({ severity }) => severity !== "info");
}
