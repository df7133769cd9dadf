import type { ApiFinding, CheckResult } from "../engine/index.ts";

/** What was found beside the checks, as checks: errors failed, all else is a note. */
export function toResults(findings: readonly ApiFinding[]): readonly CheckResult[] {
  return findings.map(({ code, severity, message, hint, line = 0 }) =>
    severity === "error"
      ? { check: code, outcome: "failed", what: message, line, have: message, want: hint }
      : { check: code, outcome: "skipped", what: message, line, note: hint },
  );
}

/** The results in the Test Anything Protocol, version 13, as pg_prove and its like read it. */
export function toTap(checks: readonly CheckResult[]): string {
  const lines = checks.map(({ check, outcome, what, line, have, want, note }, index) => {
    const state = outcome === "failed" ? "not ok" : "ok";
    const skip = outcome === "skipped" ? ` # SKIP ${inOneLine(note ?? "")}` : "";
    const head = `${state} ${index + 1} - ${escapeTap(`${check} ${what}`)}${skip}\n`;
    if (outcome !== "failed") return head;
    return `${head}  ---\n  have: ${JSON.stringify(have)}\n  want: ${JSON.stringify(want)}\n  line: ${line}\n  ...\n`;
  });
  return `TAP version 13\n1..${checks.length}\n${lines.join("")}`;
}

/** The results as JUnit's XML, as CI servers read it. */
export function toJunit(checks: readonly CheckResult[]): string {
  const count = (wanted: CheckResult["outcome"]) => checks.filter(({ outcome }) => outcome === wanted).length;
  const cases = checks.map(({ check, outcome, what, line, have = "", want = "", note = "" }) => {
    const open = `    <testcase classname="${escapeXml(check)}" name="${escapeXml(what)}" line="${line}"`;
    if (outcome === "passed") return `${open}/>\n`;
    if (outcome === "skipped") return `${open}><skipped message="${escapeXml(note)}"/></testcase>\n`;
    return `${open}><failure message="${escapeXml(`have ${have}, want ${want}`)}"/></testcase>\n`;
  });
  const counts = `tests="${checks.length}" failures="${count("failed")}" skipped="${count("skipped")}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="verify_schema" ${counts}>\n${cases.join("")}  </testsuite>\n</testsuites>\n`;
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** A `#` would begin a directive. */
function escapeTap(text: string): string {
  return inOneLine(text)
    .replaceAll("\\", String.raw`\\`)
    .replaceAll("#", String.raw`\#`);
}

/** Control characters have no place in XML 1.0 at all. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
