import { createHash } from "node:crypto";
import type { CheckFinding } from "../model/check-report.ts";
import type { Severity } from "../model/finding.ts";
import { rules } from "../rules/index.ts";

/** A log in SARIF 2.1.0 (OASIS), as code scanning takes it. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly object[];
}

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** What GitHub makes "high" and "medium" of a finding about security. */
const securitySeverity: Readonly<Record<Severity, string>> = { error: "8.0", warning: "5.0", info: "2.0" };

/** The findings as one run; files are named relative to the project, which should be the repository's root. */
export function toSarif(findings: readonly CheckFinding[]): SarifLog {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "godwit", rules: codes.map(describeRule) } },
        columnKind: "unicodeCodePoints",
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
        results: findings.map((finding) => describeResult(finding, codes.indexOf(finding.code))),
      },
    ],
  };
}

function describeRule(code: string): object {
  const rule = rules.find(({ id }) => id === code);
  if (rule === undefined) {
    const text = code.replaceAll("_", " ");
    return { id: code, shortDescription: { text } };
  }
  const { id, name, group, severity, detects, why, rewrite } = rule;
  return {
    id,
    name,
    shortDescription: { text: `${detects}.` },
    fullDescription: { text: why },
    help: { text: `${why} ${rewrite}`, markdown: `${why}\n\n**Instead:** ${rewrite}` },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: [group],
      ...(group === "security" ? { "security-severity": securitySeverity[severity] } : {}),
    },
  };
}

function describeResult(finding: CheckFinding, ruleIndex: number): object {
  const { code, severity, message, hint, needs, file, suppressed } = finding;
  const open = needs === undefined ? "" : ` Not known: ${needs}.`;
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: `${message}${open} Instead: ${hint}` },
    locations: [{ physicalLocation: describeLocation(finding) }],
    partialFingerprints: { "godwitFinding/v1": fingerprint(finding) },
    ...(suppressed === undefined ? {} : { suppressions: [{ kind: "inSource", justification: suppressed }] }),
    ...(file === "" ? {} : { properties: { statement: finding.statement ?? 0 } }),
  };
}

function describeLocation({ file, line, column }: CheckFinding): object {
  const uri = file.replaceAll("\\", "/").replace(/^\.\//, "").split("/").map(encodeURIComponent).join("/");
  return {
    artifactLocation: { uri, uriBaseId: "SRCROOT" },
    region: { startLine: line ?? 1, ...(column === undefined ? {} : { startColumn: column }) },
  };
}

/** Stays the same where lines move; a message may hold a fence, which is another one each time. */
function fingerprint({ code, file, object = "", hint }: CheckFinding): string {
  return createHash("sha256").update([code, file, object, hint].join("\0")).digest("hex").slice(0, 32);
}
