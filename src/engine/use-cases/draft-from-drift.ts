import { readLiveSchema } from "../execute/read-live-catalog.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { DriftDirection, ScriptProof } from "../model/schema-drift-report.ts";
import { toRepeatable } from "../plan/repeatable.ts";
import type { ClosedGap } from "../prove/close-gap.ts";
import { parseRenameAnswers } from "../prove/renames.ts";
import { describeUnsafeDrift } from "../report/advise-on-schema.ts";
import { describeScript, listHazards, listReasons, writeScript } from "../report/describe-script.ts";
import type { Fence } from "../report/fence.ts";
import type { CallContext } from "../requests.ts";
import { compareWithFiles, type FilesComparison } from "./compare-with-files.ts";
import { newFence, type EngineContext } from "./context.ts";
import { readProject, type Project } from "./read-project.ts";

/** A migration that closes the drift of the live schema in one direction. */
export interface DriftDraft {
  readonly sql: string;
  /** The other direction, where it is proved. */
  readonly rollbackSql: string | undefined;
  readonly purpose: string;
  readonly context: string;
  readonly script: ScriptProof;
  readonly warnings: readonly string[];
  /** What to do with the file besides applying it as any. */
  readonly advise: (version: string) => readonly string[];
}

/** Obeyed where it is a file's first line: each statement is a transaction of its own (docs/formats.md). */
const autocommitLine = "-- pg-delta: transaction=false\n";

const purposes: Readonly<Record<DriftDirection, string>> = {
  live_to_files: "bring the live schema back to what the files produce",
  files_to_live: "put into a file what the live schema has already",
};

/**
 * Writes the SQL of one direction so that it can run a second time, and tries that too: such a file runs on the database that drifted and on
 * every one that is built from the files. Throws `not_applicable` where there is nothing to write, no shadow, or a rename to be settled first.
 */
export async function draftFromDrift(
  engine: EngineContext,
  call: CallContext,
  asked: { readonly direction: DriftDirection; readonly renames: readonly string[] },
): Promise<DriftDraft> {
  const project = await readProject(engine, call);
  const answers = parseRenameAnswers(asked.renames);
  const live = await readLiveSchema(project.database);
  const comparison = await compareWithFiles({ engine, project, live, answers, form: toRepeatable }).catch(
    noShadow,
  );
  const { gap, other } = chooseGap(comparison, asked.direction);
  assertSettled(gap);
  if (gap.statements.length === 0) throw nothingToWrite(listReasons(gap));
  const drafted = draft({ gap, other, direction: asked.direction }, newFence());
  return { ...drafted, warnings: [...warnOfMissingFiles(project), ...drafted.warnings] };
}

function warnOfMissingFiles({ reconciliation }: Project): readonly string[] {
  const missing = reconciliation.statuses.filter(({ kind }) => kind === "missing_file").length;
  const unsafe = describeUnsafeDrift(missing);
  return unsafe === undefined ? [] : [`Call reconcile_history {} before this file is applied: ${unsafe}.`];
}

function noShadow(error: unknown): never {
  if (!(error instanceof DatabaseError)) throw error;
  throw new EngineError(
    "not_applicable",
    `The live schema could not be compared with the files: ${error.message}`,
    { hint: "Call detect_drift {} to see whether it can be by now." },
    error,
  );
}

interface Chosen {
  readonly gap: ClosedGap;
  readonly other: ClosedGap;
}

function chooseGap({ gaps }: FilesComparison, direction: DriftDirection): Chosen {
  if (gaps === undefined) throw nothingToWrite([]);
  const { toFiles, toLive } = gaps;
  return direction === "live_to_files" ? { gap: toFiles, other: toLive } : { gap: toLive, other: toFiles };
}

function nothingToWrite(reasons: readonly string[]): EngineError {
  const why = reasons.length === 0 ? "the live schema is what the applied files produce" : reasons[0];
  return new EngineError("not_applicable", `There is no SQL to write: ${why}.`, {
    hint: "Call detect_drift {} to see what differs.",
  });
}

function assertSettled({ unanswered }: ClosedGap): void {
  const [first] = unanswered;
  if (first === undefined) return;
  const { fromName, toName } = first;
  throw new EngineError(
    "not_applicable",
    `${unanswered.length === 1 ? "An object" : `${unanswered.length} objects`} may have been renamed, ${fromName} and ${toName} for one: dropping and making it anew would lose its rows.`,
    {
      hint: `Ask a person, then give renames: ["${fromName}=${toName}"] if it was renamed, ["${fromName}!=${toName}"] if not. detect_drift lists all of them as rename_candidates.`,
    },
  );
}

function draft(
  { gap, other, direction }: Chosen & { readonly direction: DriftDirection },
  fence: Fence,
): DriftDraft {
  const isInParts = gap.statements.some(({ startsNewTransaction }) => startsNewTransaction);
  const hazards = listHazards(gap);
  const reasons = listReasons(gap);
  const harm = hazards.length === 0 ? "no hazards" : `hazards ${hazards.join(", ")}`;
  const proof = reasons.length === 0 ? "proved on a copy" : `not proved: ${reasons[0] ?? ""}`;
  return {
    sql: `${isInParts ? autocommitLine : ""}${writeScript(gap)}`,
    rollbackSql: listReasons(other).length === 0 ? writeScript(other) : undefined,
    purpose: purposes[direction],
    context: `drift found by Godwit, ${direction}; ${harm}; ${proof}`,
    script: describeScript(gap, fence),
    warnings: warn(gap, fence),
    advise: (version) => advise(gap, direction, version),
  };
}

function warn({ notRepeatable = [], ...gap }: ClosedGap, fence: Fence): readonly string[] {
  const reasons = listReasons(gap);
  return [
    ...(reasons.length === 0
      ? []
      : [
          `Not proved on a copy, so read it before it is applied: ${fence.wrap(reasons.slice(0, 3).join(" "))}`,
        ]),
    ...(notRepeatable.length === 0
      ? []
      : [
          `It cannot run where its work is done already, such as on a database built from the files: ${fence.wrap(notRepeatable.slice(0, 3).join(" "))} Adapt it.`,
        ]),
  ];
}

function advise(
  { notRepeatable = [] }: ClosedGap,
  direction: DriftDirection,
  version: string,
): readonly string[] {
  if (direction === "live_to_files") return [];
  const mark = `reconcile_history { actions: ["mark_applied ${version}"] }`;
  return notRepeatable.length === 0
    ? [
        `The live schema has all of it already: ${mark} records the file without running it; applying it changes nothing there either.`,
      ]
    : [
        `The live schema has all of it already, and the file would fail there: ${mark} records it without running it.`,
      ];
}
