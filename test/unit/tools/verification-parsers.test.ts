import { execFileSync, spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { CheckResult } from "../../../src/engine/index.ts";
import { toJunit, toTap } from "../../../src/tools/verification-formats.ts";

const nasty =
  "a # SKIP b\n1..9\nnot ok 4 - \u0000\u001b[31m ]]> <x a='1'> & \"q\" \\\\ % \u2028 \ud83d\ude00 …";
const checks: readonly CheckResult[] = [
  { check: "has_table", outcome: "passed", what: nasty, line: 1 },
  { check: "is_empty", outcome: "failed", what: nasty, line: 2, have: nasty, want: "--- ..." },
  { check: "can", outcome: "skipped", what: nasty, line: 3, note: nasty },
];

const has = (program: string, ...args: readonly string[]) => spawnSync(program, args).status === 0;

it.skipIf(!has("perl", "-MTAP::Parser", "-e", "1"))("Perl's TAP parser reads results as they are", () => {
  const script = `use TAP::Parser; local $/; my $p = TAP::Parser->new({ tap => <STDIN> });
    my @found; while (my $r = $p->next) { push @found, join(":", $r->is_ok ? "ok" : "not ok", $r->number, $r->has_skip ? "skip" : "") if $r->is_test }
    print join(",", @found), "|", $p->is_good_plan ? "whole" : "broken", "|", scalar($p->parse_errors), "|", $p->tests_planned;`;
  const told = execFileSync("perl", ["-e", script], { input: toTap(checks), encoding: "utf8" });
  expect(told).toBe("ok:1:,not ok:2:,ok:3:skip|whole|0|3");
});

it("the block below a failure is YAML", () => {
  const [, block = ""] = /^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/m.exec(toTap(checks)) ?? [];
  expect(parse(block)).toEqual({ have: nasty, want: "--- ...", line: 2 });
});

it.skipIf(!has("python3", "-c", "import xml.etree"))("Python's XML parser reads results as they are", () => {
  const script = `import sys, json, xml.etree.ElementTree as e
root = e.fromstring(sys.stdin.buffer.read())
cases = [[c.get("classname"), c.get("name"), [[k.tag, k.get("message")] for k in c]] for c in root.iter("testcase")]
print(json.dumps([root.tag, root.attrib, cases]))`;
  const told = execFileSync("python3", ["-c", script], { input: toJunit(checks), encoding: "utf8" });
  const shown = nasty.replaceAll(/[\u0000\u001b]/g, "\ufffd");
  expect(JSON.parse(told)).toEqual([
    "testsuites",
    { tests: "3", failures: "1", skipped: "1" },
    [
      ["has_table", shown, []],
      ["is_empty", shown, [["failure", `have ${shown}, want --- ...`]]],
      ["can", shown, [["skipped", shown]]],
    ],
  ]);
});
