import type { CheckFinding, CheckMigrationsReport } from "../model/check-report.ts";
import type { RuleFinding } from "../model/rule-finding.ts";
import type { CheckedStatements, Unreadable } from "../rules/check-statements.ts";
import { firstPage } from "./page.ts";

type Checked = Pick<CheckMigrationsReport, "folder" | "files" | "statements" | "replay" | "findings">;

const findingsPerPage = 40;
/** Together with all else in it, an answer then stays below the 8 KB that are read without thinking. */
const findingCharacters = 7_000;

const order = { error: 0, warning: 1, info: 2 } as const;

/** A check in words: whole for commands, in pages of errors and warnings for agents. */
export function describeCheck(
  checked: Checked,
  { cursor, isWhole }: { readonly cursor: string | undefined; readonly isWhole: boolean },
): CheckMigrationsReport {
  const { folder, files, statements, replay } = checked;
  const findings = checked.findings.toSorted((a, b) => order[a.severity] - order[b.severity]);
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const counts = countSeverities(open);
  const suppressed = findings.length - open.length;
  const page = firstPage(isWhole ? findings : open.filter(({ severity }) => severity !== "info"), {
    limit: isWhole ? findings.length : findingsPerPage,
    maxCharacters: isWhole ? Number.POSITIVE_INFINITY : findingCharacters,
    cursor,
  });
  return {
    summary: summarize({ files, statements, replay, counts }),
    folder,
    files,
    statements,
    replay,
    counts,
    ...(suppressed === 0 ? {} : { suppressed }),
    findings: page.items,
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...advise(counts),
  };
}

/** What rules found, and what no rule could read, as findings of a check. */
export function toCheckFindings({ findings, unreadable }: CheckedStatements): readonly CheckFinding[] {
  return [...unreadable.map(describeUnreadable), ...findings.map(describeRule)];
}

function describeRule(finding: RuleFinding): CheckFinding {
  const { id, name, why, rewrite, group: _, object, ...rest } = finding;
  const about = object === undefined ? "" : `${object}: `;
  return {
    ...rest,
    code: id,
    rule: name,
    ...(object === undefined ? {} : { object }),
    message: `${about}${why}`,
    hint: rewrite,
  };
}

function describeUnreadable({ file, why }: Unreadable): CheckFinding {
  switch (why.kind) {
    case "syntax_error":
      return {
        severity: "error",
        code: "syntax_error",
        file,
        line: why.line,
        column: why.column,
        message: `${why.message}.`,
        hint: "Correct the SQL at this place; nothing behind it was checked.",
      };
    case "unsupported": {
      const [first] = why.found;
      return {
        severity: "error",
        code: "unsupported_sql",
        file,
        ...(first === undefined ? {} : { line: first.line, column: first.column }),
        message: first?.message ?? "The text is no SQL that a server takes.",
        hint: "Remove it; a migration is SQL only.",
      };
    }
    case "too_large":
      return {
        severity: "error",
        code: "sql_too_large",
        file,
        message: `The file has ${why.actual} ${why.measure}; at most ${why.limit} can be read.`,
        hint: "Divide it into several migrations.",
      };
  }
}

function countSeverities(findings: readonly CheckFinding[]): CheckMigrationsReport["counts"] {
  const count = (severity: CheckFinding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).length;
  return { error: count("error"), warning: count("warning"), info: count("info") };
}

function summarize({
  files,
  statements,
  replay,
  counts,
}: Pick<CheckMigrationsReport, "files" | "statements" | "replay" | "counts">): string {
  if (files === 0) return "There are no migration files to check.";
  const read = `${amount(files, "file")} with ${amount(statements, "statement")} checked`;
  const { error, warning, info } = counts;
  const found =
    error + warning === 0
      ? "no error and no warning"
      : `${amount(error, "error")} and ${amount(warning, "warning")}`;
  const notes = info === 0 ? "" : `, ${amount(info, "note")}`;
  return `${read}: ${found}${notes}. ${replays[replay]}`;
}

const replays: Readonly<Record<CheckMigrationsReport["replay"], string>> = {
  done: "The whole folder runs on an empty database.",
  failed: "The folder does not run on an empty database.",
  skipped: "The replay was left out.",
};

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function advise(counts: CheckMigrationsReport["counts"]): Pick<CheckMigrationsReport, "next_steps"> {
  if (counts.error + counts.warning === 0)
    return { next_steps: ["apply_migration { dry_run: true } rehearses what is pending."] };
  return {
    next_steps: [
      "Correct files that are not applied yet; leave applied ones as they are and pass since=<version> to check newer files only.",
      "Where a finding is meant, put `-- godwit:allow <code> <reason>` above the statement.",
    ],
  };
}
