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

test("what mends several differences in a row is told once", () => {
  const missing = { layer: "history", kind: "missing_file", fix: "reconcile_history {} writes the file." };
  const text = renderReport({
    summary: "Drift.",
    drift: [
      { ...missing, version: "1", message: "One has no file." },
      { ...missing, version: "2", message: "Two has no file." },
      { ...missing, version: "3", kind: "edited", message: "Three is edited.", fix: "restore it" },
    ],
  });
  expect(text).toContain(`missing_file 1: One has no file.
missing_file 2: Two has no file.
  fix: godwit reconcile-history writes the file.
edited 3: Three is edited.
  fix: restore it
`);
});

test("what keeps a baseline from being proved is told, up to a length", () => {
  const differences = Array.from({ length: 22 }, (_, index) => ({
    class: "structural",
    object: `table public.t${index}`,
    change: "only_in_live",
  }));
  const text = renderReport({ summary: "No baseline was made.", differences });
  expect(text).toContain("structural: table public.t19 only in live\n2 more; see --json.");
});
