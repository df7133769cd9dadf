import type { MigrationStatus } from "../../model/reconciliation.ts";
import { sqlFingerprint } from "../../sql/token-stream.ts";
import { adoptedText } from "./adopted-text.ts";
import { isFileName } from "./file-naming.ts";
import { canStand } from "./free-versions.ts";
import type { Judgement, ReconcileAction, StatusOf, Truth } from "./reconcile-step.ts";

/** What is known beside one status. */
export interface Surroundings {
  /** Undefined where the caller did not say: then only what is certain is done. */
  readonly truth: Truth | undefined;
  /** Versions that the history records. */
  readonly recorded: ReadonlySet<string>;
  /** Of rows whose version another row has as well. */
  readonly copies: ReadonlySet<MigrationStatus>;
  /** Versions of the files in `archive/`. */
  readonly archivedVersions: ReadonlySet<string>;
  /** File names that another tool's table records as run, with the table's name. */
  readonly foreign: ReadonlyMap<string, string>;
}

/** What is done about a status where nobody says otherwise; a choice where that is not certain. */
export function judgeStatus(status: MigrationStatus, around: Surroundings): Judgement {
  switch (status.kind) {
    case "applied":
    case "incomplete":
    case "skipped":
      return { kind: "nothing" };
    case "pending":
      return around.foreign.has(status.file.fileName) ? act("mark_applied") : { kind: "nothing" };
    case "out_of_order":
      return judgeOutOfOrder(status, around);
    case "missing_file":
      return judgeMissingFile(status, around);
    case "renumbered":
      return act(judgeRenumbered(status, around));
    case "renamed":
      return act(
        around.truth === "files" || !isFileName(status.entry.version, status.entry.name ?? "")
          ? "rename_row"
          : "rename_file",
      );
    case "edited":
      return judgeEdited(status, around);
    case "duplicate_version":
      return act(isSameSql(status) ? "archive_file" : "renumber_file");
  }
}

function judgeOutOfOrder({ file }: StatusOf<"out_of_order">, around: Surroundings): Judgement {
  if (around.foreign.has(file.fileName)) return act("mark_applied");
  if (around.truth === "database") return act("renumber_file");
  return {
    kind: "choose",
    question:
      "Never applied, and newer ones were: give it a version after them, so that it is pending, or say that its SQL has run?",
    options: ["renumber_file", "mark_applied", "leave"],
  };
}

function judgeMissingFile(status: StatusOf<"missing_file">, around: Surroundings): Judgement {
  const { entry } = status;
  const { version, statements } = entry;
  if (around.copies.has(status)) return act("remove_copies");
  if (around.truth === "files") return act("mark_reverted");
  const hasSql = statements !== undefined && statements.length > 0;
  const isAdoptable = hasSql && adoptedText(statements) !== undefined;
  if (around.archivedVersions.has(version) && around.truth === undefined) {
    return {
      kind: "choose",
      question:
        "Recorded as applied, and its file was put aside: was it replaced, so that the row goes too, or does the file come back?",
      options: ["mark_reverted", isAdoptable ? "adopt" : "placeholder"],
    };
  }
  if (!isAdoptable) return judgeWithoutSql(entry, around);
  if (canStand(version)) return act("adopt");
  if (around.truth === "database") return act("renumber_row");
  return {
    kind: "choose",
    question:
      "The recorded version is no number, so no file can have it: give the row a version, or take it out?",
    options: ["renumber_row", "mark_reverted"],
  };
}

function judgeWithoutSql({ version }: StatusOf<"missing_file">["entry"], { truth }: Surroundings): Judgement {
  const canHaveFile = canStand(version);
  if (truth === "database" && canHaveFile) return act("placeholder");
  return {
    kind: "choose",
    question:
      "Recorded as applied without SQL that a file could be made of: keep it with an empty file, or take the row out?",
    options: canHaveFile ? ["placeholder", "mark_reverted"] : ["mark_reverted"],
  };
}

/** A version that no file can have, or that another file has, leaves one way only. */
function judgeRenumbered({ file, entry }: StatusOf<"renumbered">, around: Surroundings): ReconcileAction {
  if (around.recorded.has(file.version)) return "renumber_file";
  if (!canStand(entry.version)) return "renumber_row";
  return around.truth === "files" ? "renumber_row" : "renumber_file";
}

function judgeEdited({ entry }: StatusOf<"edited">, { truth }: Surroundings): Judgement {
  const isRestorable = entry.statements !== undefined && adoptedText(entry.statements) !== undefined;
  if (truth === "files") return act("accept_file");
  if (truth === "database" && isRestorable) return act("restore_file");
  return {
    kind: "choose",
    question:
      "Edited after it was applied: restore what was applied, restore it and keep the new statements as a new migration, or record the file's SQL as what was applied?",
    options: isRestorable ? ["restore_file", "keep_both", "accept_file"] : ["accept_file"],
  };
}

function isSameSql({ file, holder }: StatusOf<"duplicate_version">): boolean {
  return (
    file.content.kind === "sql" &&
    holder.content.kind === "sql" &&
    file.content.fingerprint === holder.content.fingerprint &&
    file.content.fingerprint !== emptyFingerprint
  );
}

const emptyFingerprint = sqlFingerprint("");

function act(action: ReconcileAction): Judgement {
  return { kind: "act", action };
}

/** The actions that a person may ask for, by status. */
export const allowedActions: Readonly<Record<MigrationStatus["kind"], readonly ReconcileAction[]>> = {
  applied: ["accept_file", "mark_reverted"],
  pending: ["mark_applied", "archive_file"],
  out_of_order: ["renumber_file", "mark_applied", "archive_file", "leave"],
  missing_file: ["adopt", "placeholder", "mark_reverted", "renumber_row", "remove_copies", "leave"],
  renumbered: ["renumber_file", "renumber_row", "mark_reverted", "leave"],
  renamed: ["rename_file", "rename_row", "mark_reverted", "leave"],
  edited: ["restore_file", "keep_both", "accept_file", "mark_reverted", "leave"],
  duplicate_version: ["archive_file", "renumber_file", "mark_applied", "leave"],
  incomplete: ["leave"],
  skipped: ["leave"],
};
