import { expect, test } from "vitest";
import { describeReconcile } from "../../../src/engine/report/describe-reconcile.ts";
import { createFence } from "../../../src/engine/report/fence.ts";

const step = (action: string, index: number) => ({
  action,
  version: String(20260101000000 + index),
  file: `${20260101000000 + index}_step_${index}.sql`,
  why: "so that files and history agree",
  files: [],
  rows: [],
});
const steps = [
  ...Array.from({ length: 150 }, (_, index) => step("adopt", index)),
  step("rename_file", 150),
  ...Array.from({ length: 50 }, (_, index) => step("renumber_file", 151 + index)),
];

test("a long plan is read page by page, the rarest steps first and each of them once", () => {
  const read = (cursor: string | undefined) =>
    describeReconcile(
      {
        status: "planned",
        target: "db",
        folder: "migrations",
        planId: "1",
        steps,
        choices: [],
        warnings: [],
        nextSteps: [],
        after: undefined,
        isWhole: false,
        cursor,
      },
      createFence("mark"),
    );
  const versions: string[] = [];
  for (let page = read(undefined); ; page = read(page.next_cursor)) {
    expect(JSON.stringify(page).length).toBeLessThan(8_000);
    versions.push(...page.steps.map(({ version }) => version));
    if (page.next_cursor === undefined) break;
  }
  expect(versions[0]).toBe(steps[150]?.version);
  expect(versions.toSorted()).toEqual(steps.map(({ version }) => version).toSorted());
});
