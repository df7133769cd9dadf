import { EngineError } from "../errors.ts";
import type { HistoryEntry } from "../model/history.ts";
import { listFew } from "../model/list-few.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationStatus, Reconciliation } from "../model/reconciliation.ts";
import { fileOf, waitingFile } from "./choose-files.ts";

/** What to promote, out of the files that wait on a target. */
export interface ChosenPromotion {
  /** In order: each was run by the source with exactly the text that it has now. */
  readonly files: readonly MigrationFile[];
  /** They wait on the target too, and the source has not run them: they are left alone. */
  readonly notRun: readonly MigrationFile[];
}

/** Files against the history of the target, and of the source whose label is given. */
interface BothSides {
  readonly target: Reconciliation;
  readonly source: Reconciliation;
  readonly label: string;
}

/**
 * The files that wait on the target and ran on the source. Throws `not_promotable` with every reason where the source ran one with
 * another text, or not as a run, where it has run none of them, and where it ran something that the folder no longer has.
 */
export function choosePromoted({ target, source, label }: BothSides): ChosenPromotion {
  const waiting = target.statuses.flatMap(waitingFile);
  const there = new Map(source.statuses.map((status) => [fileOf(status)?.fileName, status]));
  const judged = waiting.map((file) => ({ file, verdict: judge(file, there.get(file.fileName)) }));
  const files = judged.flatMap(({ file, verdict }) => (verdict === "ran" ? [file] : []));
  const notRun = judged.flatMap(({ file, verdict }) => (verdict === "not_run" ? [file] : []));
  const reasons = [
    ...judged.flatMap(({ file, verdict }) =>
      typeof verdict === "string" ? [] : [`${file.fileName} ${verdict.reason}`],
    ),
    ...findLost(target, source),
    ...(files.length === 0 && notRun.length > 0 ? [`it has not run ${listNames(notRun)}`] : []),
  ];
  if (reasons.length === 0) return { files, notRun };
  throw new EngineError(
    "not_promotable",
    `${label} does not vouch for what waits here: ${reasons.join("; ")}.`,
  );
}

/** File names for a sentence. */
export function listNames(files: readonly MigrationFile[]): string {
  return listFew(files, mostNames, ({ fileName }) => fileName);
}

const mostNames = 5;

type Verdict = "ran" | "not_run" | { readonly reason: string };

function judge(file: MigrationFile, status: MigrationStatus | undefined): Verdict {
  switch (status?.kind) {
    case "applied":
      return judgeRun(file, status.entry, status.isContentKnown);
    case "edited":
      return { reason: "ran there with other SQL than it holds now" };
    case "renamed":
      return { reason: "is recorded there under another name" };
    case "renumbered":
      return { reason: `ran there as ${status.entry.version}` };
    case "incomplete":
      return { reason: "was begun there and not finished" };
    case "pending":
    case "out_of_order":
    case "duplicate_version":
    case "skipped":
    case "missing_file":
    case undefined:
      return "not_run";
  }
}

/** The checksum is of every byte; what another tool recorded is compared by its tokens. */
function judgeRun(file: MigrationFile, { run }: HistoryEntry, isContentKnown: boolean): Verdict {
  const checksum = file.content.kind === "sql" ? file.content.checksum : undefined;
  if (run === undefined)
    return isContentKnown ? "ran" : { reason: "is recorded there without its SQL, so that nothing compares" };
  // Neither statements nor a duration: declared as applied, not run.
  if (run.statementResults.length === 0 && run.durationMs === undefined)
    return { reason: "was only marked as applied there, and not run" };
  if (run.checksum === checksum) return "ran";
  return {
    reason: `ran there with another text (checksum ${shorten(run.checksum)}, now ${shorten(checksum)})`,
  };
}

function shorten(checksum = "unknown"): string {
  return checksum.slice(0, 12);
}

/** What the source ran and nobody has as a file is a part of what passed there. */
function findLost(target: Reconciliation, source: Reconciliation): readonly string[] {
  const known = new Set(
    target.statuses.flatMap((status) => ("entry" in status ? [status.entry.version] : [])),
  );
  return source.statuses.flatMap((status) =>
    status.kind === "missing_file" && !known.has(status.entry.version)
      ? [`it has run ${status.entry.version}, of which the folder has no file`]
      : [],
  );
}
