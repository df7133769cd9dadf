import type { LossReport, LossRow } from "../model/confirmation-report.ts";
import { listFew } from "../model/list-few.ts";
import type { Loss, RowCount } from "../model/loss.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

const lossCharacters = 4_000;

/** Losses as callers are told them; only a whole answer has all of them. */
export function describeLosses(
  losses: readonly Loss[],
  fence: Fence,
  answerSize: "whole" | undefined,
): LossReport {
  if (losses.length === 0) return {};
  const rows = losses.map((loss) => toRow(loss, fence));
  const shown =
    answerSize === "whole" ? rows : rows.slice(0, Math.max(1, countFitting(rows, lossCharacters)));
  const left = rows.length - shown.length;
  return { losses: shown, ...(left === 0 ? {} : { losses_left_out: left }) };
}

function toRow(loss: Loss, fence: Fence): LossRow {
  const { kind, name, change, rows, cannotComeBack, file, line } = loss;
  return {
    object: `${kind} ${fence.wrapName(name)}`,
    change,
    ...(rows === undefined ? {} : { rows: rows.count }),
    ...(rows === undefined || rows.certainty === "counted" ? {} : { rows_are: rows.certainty }),
    cannot_come_back: cannotComeBack,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

const verbs: Readonly<Record<Loss["change"], string>> = {
  dropped: "drops",
  emptied: "empties",
  deleted: "deletes from",
  overwritten: "overwrites",
  converted: "changes values of",
  unprotected: "switches row-level security off for",
};

const mostInSentence = 6;

/** What a change destroys, as sentences for the one who is asked: objects, rows, and what cannot come back. Empty where nothing is. */
export function summarizeLosses(losses: readonly Loss[], fence: Fence): string {
  if (losses.length === 0) return "";
  const parts = listFew(losses, mostInSentence, (loss) => {
    const rows = loss.rows === undefined ? "" : ` (${describeRowCount(loss)})`;
    return `${verbs[loss.change]} ${loss.kind} ${fence.wrapName(loss.name)}${rows}`;
  });
  const lost = [...new Set(losses.map(({ cannotComeBack }) => cannotComeBack))].slice(0, mostInSentence);
  return `It ${parts}. Cannot come back: ${lost.join("; ")}.`;
}

function describeRowCount({ kind, rows }: Loss): string {
  if (rows === undefined) return "";
  const noun = kind === "column" ? "value" : "row";
  return `${quantify(rows)} ${noun}${rows.count === 1 ? "" : "s"}`;
}

function quantify({ count, certainty }: RowCount): string {
  const number = count.toLocaleString("en-US");
  if (certainty === "at_least") return `more than ${number}`;
  return certainty === "estimated" ? `about ${number}` : number;
}
