import { expect, it } from "vitest";
import { inCommandWords } from "../../../src/commands/in-command-words.ts";

it.each([
  ["detect_drift {} tells what differs.", "godwit detect-drift tells what differs."],
  [
    "apply_migration { dry_run: true } rehearses; without dry_run it applies.",
    "godwit apply-migration --dry-run rehearses; without --dry-run it applies.",
  ],
  [
    'Correct a.sql, then call apply_migration { version: "20240101000000" }.',
    "Correct a.sql, then call godwit apply-migration --version 20240101000000.",
  ],
  [
    'Settle it with actions: ["restore_file 108"], or with truth: "files".',
    'Settle it with --actions "restore_file 108", or with --truth files.',
  ],
  [
    'Call apply_migration again without dry_run and with confirm: "4f1c" to apply exactly this.',
    "Call godwit apply-migration again without --dry-run and with --confirm 4f1c to apply exactly this.",
  ],
  [
    "Call execute_sql again with write: true to change rows.",
    "Call godwit execute-sql again with --write to change rows.",
  ],
  [
    'apply_migration { version: "1", name: "a", query: … } with the corrected SQL',
    "godwit apply-migration --version 1 --name a --query … with the corrected SQL",
  ],
  ["Rename the file to 2_a.sql.", "Rename the file to 2_a.sql."],
  [
    "Call verify_schema { write_starter: true } to write one from the live schema.",
    "Call godwit verify-schema --write-starter to write one from the live schema.",
  ],
  [
    'reconcile_history { actions: ["restore_file 1", "adopt 2"], reason: "…" } does so; "mark_applied 1", reason: "…" records it.',
    'godwit reconcile-history --actions "restore_file 1" --actions "adopt 2" --reason … does so; "mark_applied 1" --reason … records it.',
  ],
])("says %j as it is typed", (sentence, typed) => {
  expect(inCommandWords(sentence)).toBe(typed);
});
