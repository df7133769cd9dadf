import { EngineError } from "../../errors.ts";
import { reconcileActions, type ReconcileAction } from "./reconcile-step.ts";

/** What the caller asked for, beyond the truth. */
export interface AskedActions {
  /** By version or file name, or `all`. */
  readonly bySubject: ReadonlyMap<string, ReconcileAction>;
  readonly forAll: readonly ReconcileAction[];
  readonly convertsNames: boolean;
  /** Archived files that come back. */
  readonly restored: readonly string[];
  /** The run of a change that was cut off, whose files return to where they were. */
  readonly undoneRun?: string;
}

/** Reads elements such as `mark_reverted 20260101000001`, `restore_file all`, `convert_names`. Throws `invalid_input`. */
export function readActions(elements: readonly string[]): AskedActions {
  const bySubject = new Map<string, ReconcileAction>();
  const forAll: ReconcileAction[] = [];
  const restored: string[] = [];
  let convertsNames = false;
  let undoneRun: string | undefined;
  for (const element of elements) {
    const [, word = "", subject = ""] = /^\s*(\S*)\s?([\s\S]*)$/.exec(element) ?? [];
    const action = reconcileActions.find((known) => known === word);
    if (word === "convert_names") convertsNames = true;
    else if (word === "restore_archived" && subject !== "") restored.push(subject);
    else if (word === "undo_change" && subject !== "") undoneRun = subject;
    else if (action === undefined) throw unknownAction(element);
    else if (subject === "all") forAll.push(action);
    else if (bySubject.has(subject)) throw askedTwice(subject);
    else bySubject.set(subject, action);
  }
  return { bySubject, forAll, convertsNames, restored, ...(undoneRun === undefined ? {} : { undoneRun }) };
}

function unknownAction(element: string): EngineError {
  const known = [...reconcileActions, "restore_archived", "convert_names", "undo_change"].join(", ");
  return new EngineError(
    "invalid_input",
    `actions: ${JSON.stringify(element.slice(0, 100))} is none. Each is an action and a version, a file or all; the actions are ${known}.`,
  );
}

function askedTwice(subject: string): EngineError {
  return new EngineError("invalid_input", `actions: two are given for ${JSON.stringify(subject)}.`);
}
