import { expect, test } from "vitest";
import { recordedVersion } from "../../../src/engine/model/version.ts";
import { renderSummary } from "../../../src/engine/report/reconcile-summary.ts";

test("the archive's report tells what was, what was done, where the old is, and each reason once", () => {
  const adopted = (fileName: string) => ({
    action: "adopt",
    version: fileName.slice(0, 14),
    file: fileName,
    why: "no file had it",
    files: [{ kind: "write", fileName, sql: "", reason: "" }] as const,
    rows: [],
  });
  const text = renderSummary({
    tool: "reconcile_history",
    target: "db.example/app",
    by: "ann",
    at: new Date("2026-01-02T03:04:05Z"),
    planId: "abc",
    reason: "agreed",
    was: "2 missing file, 1 renamed",
    steps: [
      adopted("20260101000001_a.sql"),
      {
        action: "rename_row",
        version: "20260101000002",
        file: "20260101000002_`x`.sql",
        why: "so | named",
        files: [],
        rows: [{ kind: "update", version: recordedVersion("20260101000002"), to: { name: "x" }, reason: "" }],
      },
      adopted("20260101000003_c.sql"),
      { action: "mark_reverted", version: "107", why: "never ran", files: [], rows: [] },
    ],
  });
  expect(text).toBe(`## 2026-01-02T03:04:05Z reconcile_history on \`db.example/app\`

- By \`ann\`, plan \`abc\`.
- Reason: agreed
- Before: 2 missing file, 1 renamed.
- Done: 2 files written, 1 row changed.
- Replaced rows are in \`supabase_migrations.migration_history_archive\`, with the id of this run.

### adopt: 2

No file had it.

- \`20260101000001_a.sql\`
- \`20260101000003_c.sql\`

### rename_row: 1

So \\| named.

- \`20260101000002_'x'.sql\`

### mark_reverted: 1

Never ran.

- \`107\`
`);
});
