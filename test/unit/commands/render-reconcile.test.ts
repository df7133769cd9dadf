import { expect, test } from "vitest";
import { renderReport } from "../../../src/commands/render-report.ts";

test("steps that do the same for the same reason are told once, with what each is done to", () => {
  const adopt = { action: "adopt", why: "no file had it" };
  const text = renderReport({
    summary: "4 steps planned.",
    steps: [
      { ...adopt, version: "20260101000001", file: "20260101000001_a.sql" },
      {
        action: "rename_file",
        version: "20260101000002",
        file: "20260101000002_x.sql",
        to: "20260101000002_b.sql",
        why: "so applied",
      },
      { ...adopt, version: "20260101000003", file: "20260101000003_c.sql" },
      { action: "mark_reverted", version: "107", why: "it never ran" },
    ],
  });
  expect(text).toContain(`adopt 2: no file had it
  20260101000001_a.sql
  20260101000003_c.sql
rename_file 1: so applied
  20260101000002_x.sql → 20260101000002_b.sql
mark_reverted 1: it never ran
  107
`);
});
