import { EngineError } from "../../errors.ts";
import type { MigrationStatus, Reconciliation } from "../../model/reconciliation.ts";
import type { Version } from "../../model/version.ts";
import { draftStep } from "./draft-step.ts";
import type { Drafting } from "./drafting.ts";
import { findCopies } from "./find-copies.ts";
import { freeVersions } from "./free-versions.ts";
import { allowedActions, judgeStatus, type Surroundings } from "./judge-status.ts";
import type { AskedActions } from "./read-actions.ts";
import type { Judgement, OpenChoice, ReconcileAction, ReconcileStep, Truth } from "./reconcile-step.ts";

export interface ReconcileQuestion {
  readonly reconciliation: Reconciliation;
  readonly truth: Truth | undefined;
  readonly asked: AskedActions;
  readonly reason: string | undefined;
  /** Versions of the files in `archive/`. */
  readonly archivedVersions: ReadonlySet<string>;
  readonly foreign: ReadonlyMap<string, string>;
}

export interface DraftedReconciliation {
  readonly steps: readonly ReconcileStep[];
  readonly choices: readonly OpenChoice[];
}

/**
 * Every difference with what is done about it: as asked, else what is certain, else a choice for the caller.
 * Throws `invalid_input` for an action that fits nothing, `reason_required`, `no_version_left`.
 */
export function planReconciliation(question: ReconcileQuestion): DraftedReconciliation {
  const { statuses } = question.reconciliation;
  const around = surroundingsOf(question);
  const drafting: Drafting = {
    versions: freeVersions(versionsOf(statuses), recordedVersions(statuses)),
    reason: question.reason,
    foreign: question.foreign,
  };
  const used = new Set<string>();
  const unasked = statuses.map((status) => ({ status, judgement: judgeStatus(status, around) }));
  const offered = new Set(unasked.flatMap(({ judgement }) => optionsOf(judgement)));
  const judged = unasked.map(({ status, judgement }) => ({
    status,
    judgement: settle({ status, judgement }, { asked: question.asked, offered, used }),
  }));
  assertAllUsed(question.asked, used);
  const steps = judged
    .toSorted((a, b) => precedence(a) - precedence(b))
    .flatMap(({ status, judgement }) =>
      judgement.kind === "act" ? [draftStep(judgement.action, status, drafting)] : [],
    );
  const choices = judged.flatMap(({ status, judgement }) =>
    judgement.kind === "choose"
      ? [{ question: judgement.question, options: judgement.options, subject: subjectsOf(status)[0] ?? "" }]
      : [],
  );
  return { steps: withoutRepeats(steps), choices };
}

/** What `reconcile_history` would do about a status if it were called without arguments, and what an action calls that status by. */
export interface Advice {
  readonly judgement: Judgement;
  readonly subject: string;
}

/** The same judgements as without a word from the caller, to be told beside each difference; other tools' records are not looked at. */
export function adviseOn(
  reconciliation: Reconciliation,
  archivedVersions: ReadonlySet<string>,
): (status: MigrationStatus) => Advice {
  const around = surroundingsOf({ reconciliation, truth: undefined, archivedVersions, foreign: new Map() });
  return (status) => ({ judgement: judgeStatus(status, around), subject: subjectsOf(status)[0] ?? "" });
}

/**
 * Copies go first, so that what else is done to their version is done to one row; then rows choose their new versions, so that what gets a
 * version after all applied ones stays after them.
 */
function precedence({ status, judgement }: Judged): number {
  if (status.kind !== "missing_file" || judgement.kind !== "act") return 2;
  if (judgement.action === "remove_copies") return 0;
  return judgement.action === "renumber_row" ? 1 : 2;
}

interface Settling {
  readonly asked: AskedActions;
  /** Every action that some choice offers. */
  readonly offered: ReadonlySet<ReconcileAction>;
  readonly used: Set<string>;
}

interface Judged {
  readonly status: MigrationStatus;
  /** Where the caller says nothing. */
  readonly judgement: Judgement;
}

/** An action for all settles the choices that offer it; where none does, it is for all drift that allows it. */
function settle({ status, judgement }: Judged, { asked, offered, used }: Settling): Judgement {
  const allowed = isCopy(judgement) ? copyActions : allowedActions[status.kind];
  for (const subject of subjectsOf(status)) {
    const action = asked.bySubject.get(subject);
    if (action === undefined) continue;
    if (!allowed.includes(action)) continue;
    used.add(subject);
    return action === "leave" ? { kind: "nothing" } : { kind: "act", action };
  }
  const wanted = asked.forAll.find((action) =>
    offered.has(action) ? optionsOf(judgement).includes(action) : isDrift(status) && allowed.includes(action),
  );
  if (wanted === undefined) return judgement;
  used.add(`${wanted} all`);
  return wanted === "leave" ? { kind: "nothing" } : { kind: "act", action: wanted };
}

/** What is asked for of a version is done with the row that stays. */
const copyActions: readonly ReconcileAction[] = ["remove_copies", "leave"];

function isCopy(judgement: Judgement): boolean {
  return judgement.kind === "act" && judgement.action === "remove_copies";
}

function optionsOf(judgement: Judgement): readonly ReconcileAction[] {
  return judgement.kind === "choose" ? judgement.options : [];
}

/** `all` never reaches what is in order. */
function isDrift({ kind }: MigrationStatus): boolean {
  return !["applied", "pending", "skipped", "incomplete"].includes(kind);
}

/** What an action may call a status by: its file first, because a version can name two. */
function subjectsOf(status: MigrationStatus): readonly string[] {
  const file = status.kind === "missing_file" ? undefined : status.file;
  const entry = "entry" in status ? status.entry : undefined;
  const own = status.kind === "duplicate_version" ? [] : [file?.version, entry?.version];
  const all = [...own, file?.fileName].filter((subject) => subject !== undefined);
  return status.kind === "duplicate_version" || status.kind === "renumbered" ? all.toReversed() : all;
}

function assertAllUsed(asked: AskedActions, used: ReadonlySet<string>): void {
  for (const [subject, action] of asked.bySubject) {
    if (used.has(subject)) continue;
    throw new EngineError(
      "invalid_input",
      `actions: ${JSON.stringify(`${action} ${subject}`)} fits no migration: there is none of that version or file in a state that allows it.`,
      { hint: "Call detect_drift to see the versions, files and states." },
    );
  }
}

function surroundingsOf({
  reconciliation,
  truth,
  archivedVersions,
  foreign,
}: Omit<ReconcileQuestion, "asked" | "reason">): Surroundings {
  const entries = reconciliation.statuses.flatMap((status) => ("entry" in status ? [status] : []));
  return {
    truth,
    recorded: new Set(entries.map(({ entry }) => entry.version)),
    copies: findCopies(reconciliation.statuses),
    archivedVersions,
    foreign,
  };
}

function versionsOf(statuses: readonly MigrationStatus[]): readonly Version[] {
  return statuses
    .flatMap((status) => [
      ...(status.kind === "missing_file" ? [] : [status.file?.version]),
      ...("entry" in status ? [status.entry.version] : []),
      ...(status.kind === "incomplete" ? [status.run.version] : []),
    ])
    .filter((version) => version !== undefined);
}

/** One removal takes all the copies of a version. */
function withoutRepeats(steps: readonly ReconcileStep[]): readonly ReconcileStep[] {
  const seen = new Set<string>();
  return steps.filter(({ action, version }) => {
    if (action !== "remove_copies") return true;
    const isFirst = !seen.has(version);
    seen.add(version);
    return isFirst;
  });
}

function recordedVersions(statuses: readonly MigrationStatus[]): readonly Version[] {
  return statuses.flatMap((status) => ("entry" in status ? [status.entry.version] : []));
}
