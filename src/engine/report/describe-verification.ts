import type { ApiFinding, CheckResult, HttpResult, VerifySchemaReport } from "../model/verify-report.ts";
import { describeApiFindings } from "./describe-api-findings.ts";
import type { Fence } from "./fence.ts";
import { firstPage } from "./page.ts";

const pageCharacters = 6_500;
const longestText = 600;

interface Verification {
  readonly results: readonly CheckResult[];
  /** What the project's HTTP API said; undefined where it was not asked. */
  readonly overHttp: readonly HttpResult[] | undefined;
  readonly target: string;
  readonly file: string;
  readonly isWhole: boolean;
  readonly cursor: string | undefined;
}

/** What became of a spec: for agents what did not pass, page by page; for commands everything. */
export function describeVerification(verification: Verification, fence: Fence): VerifySchemaReport {
  const { results, overHttp, target, file, isWhole, cursor } = verification;
  const count = (outcome: CheckResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  const counts = { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
  const open = results.filter(({ outcome }) => outcome !== "passed").map(cut);
  const page = firstPage(isWhole ? results : open, {
    limit: results.length,
    maxCharacters: isWhole ? Number.POSITIVE_INFINITY : pageCharacters,
    cursor,
  });
  const nextSteps = adviseNext(counts, page.nextCursor);
  const http = overHttp && countAsked(overHttp);
  return {
    summary: `${summarize(counts, results.length)}${http === undefined ? "" : summarizeHttp(http)}`,
    target,
    file,
    counts,
    ...(page.items.length === 0
      ? { checks: [] }
      : { untrusted_begin: fence.begin, checks: page.items, untrusted_end: fence.end }),
    ...(overHttp === undefined || http === undefined
      ? {}
      : { http, ...cutFindings(describeApiFindings({ results: overHttp, file }, fence), isWhole) }),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(counts.skipped === 0
      ? {}
      : { warnings: ["Skipped checks would have had to write: this server is read-only."] }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

type Asked = NonNullable<VerifySchemaReport["http"]>;

function countAsked(results: readonly HttpResult[]): Asked {
  return {
    asked: results.filter(({ kind }) => kind !== "unasked").length,
    agreed: results.filter(({ kind }) => kind === "same").length,
  };
}

function summarizeHttp({ asked, agreed }: Asked): string {
  if (asked === 0) return "";
  return agreed === asked
    ? ` The HTTP API answers all ${asked} that it was asked as SQL does.`
    : ` The HTTP API answers ${agreed} of ${asked} as SQL does.`;
}

/** Findings that an answer to an agent shows. */
const mostFindings = 8;

function cutFindings(
  findings: readonly ApiFinding[],
  isWhole: boolean,
): Pick<VerifySchemaReport, "findings" | "findings_left_out"> {
  if (findings.length === 0) return {};
  const shown = isWhole ? findings : findings.slice(0, mostFindings);
  const left = findings.length - shown.length;
  return { findings: shown, ...(left === 0 ? {} : { findings_left_out: left }) };
}

interface Judged {
  readonly file: string;
  readonly results: readonly CheckResult[];
}

/** Checks that a refusal names. */
const mostUnmet = 5;

/** Which checks of a spec failed, as sentences; undefined where none did. */
export function describeUnmet({ file, results }: Judged, fence: Fence): string | undefined {
  const unmet = results.filter(({ outcome }) => outcome === "failed");
  if (unmet.length === 0) return undefined;
  const named = unmet
    .slice(0, mostUnmet)
    .map(
      ({ check, what, line, have = "", want = "" }) =>
        `${file}:${line}: ${check} ${what}: have ${fence.wrap(have)}, want ${want}.`,
    );
  const more = unmet.length > mostUnmet ? [`And ${unmet.length - mostUnmet} more.`] : [];
  const count = `${unmet.length} of ${results.length} checks`;
  return [`The spec does not hold with this change: ${count} failed.`, ...named, ...more].join(" ");
}

function summarize({ passed, failed, skipped }: VerifySchemaReport["counts"], total: number): string {
  const left = skipped === 0 ? "" : `, ${skipped} skipped`;
  if (failed === 0)
    return skipped === 0 ? `All ${total} checks passed.` : `${passed} of ${total} checks passed${left}.`;
  return `${failed} of ${total} checks failed${left}.`;
}

function adviseNext(
  { failed }: VerifySchemaReport["counts"],
  nextCursor: string | undefined,
): readonly string[] {
  return [
    ...(nextCursor === undefined ? [] : [`verify_schema { cursor: "${nextCursor}" } for more.`]),
    ...(failed === 0
      ? []
      : ["Correct the schema with apply_migration, or the spec at the line given, and verify again."]),
  ];
}

function cut(result: CheckResult): CheckResult {
  const short = Object.entries(result).map(([name, value]: readonly [string, string | number]) =>
    typeof value === "string" && value.length > longestText
      ? [name, `${value.slice(0, longestText)}… (${value.length} characters)`]
      : [name, value],
  );
  return { ...result, ...Object.fromEntries(short) };
}
