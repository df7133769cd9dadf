import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../src/engine/index.ts";
import { toJunit, toTap } from "../../../src/tools/verification-formats.ts";

const checks: readonly CheckResult[] = [
  { check: "has_table", outcome: "passed", what: "public.notes", line: 2 },
  {
    check: "is_empty",
    outcome: "failed",
    what: "select '#', 1\nfrom x",
    line: 3,
    have: '2 "rows"',
    want: "no row",
  },
  { check: "can", outcome: "skipped", what: '{"role":"<anon>"}', line: 9, note: "It would write." },
];

describe("results of a spec", () => {
  it("are written as TAP, where no text can become a directive or a line of its own", () => {
    expect(toTap(checks)).toBe(`TAP version 13
1..3
ok 1 - has_table public.notes
not ok 2 - is_empty select '\\#', 1 from x
  ---
  have: "2 \\"rows\\""
  want: "no row"
  line: 3
  ...
ok 3 - can {"role":"<anon>"} # SKIP It would write.
`);
  });

  it("are written as JUnit's XML, where no text can become markup", () => {
    expect(toJunit(checks)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" skipped="1">
  <testsuite name="verify_schema" tests="3" failures="1" skipped="1">
    <testcase classname="has_table" name="public.notes" line="2"/>
    <testcase classname="is_empty" name="select '#', 1&#10;from x" line="3"><failure message="have 2 &quot;rows&quot;, want no row"/></testcase>
    <testcase classname="can" name="{&quot;role&quot;:&quot;&lt;anon&gt;&quot;}" line="9"><skipped message="It would write."/></testcase>
  </testsuite>
</testsuites>
`);
  });

  it("hold no character that XML cannot hold", () => {
    expect(toJunit([{ check: "x", outcome: "passed", what: "a\u0000b\u001bc", line: 1 }])).toContain(
      'name="a\uFFFDb\uFFFDc"',
    );
  });
});
