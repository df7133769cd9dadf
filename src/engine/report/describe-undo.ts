import { listFew } from "../model/list-few.ts";
import type { Rollback, RollbackLoss } from "../model/rollback.ts";
import type { Fence } from "./fence.ts";

const mostNames = 5;

/** How a migration can be undone, as a sentence that begins with the verdict. */
export function describeUndo(rollback: Rollback, fence: Fence): string {
  const { kept = [] } = rollback;
  if (kept.length === 0) return describeVerdict(rollback, fence);
  const copies = kept.length === 1 ? "a copy lies" : `${kept.length} copies lie`;
  return `${describeVerdict(rollback, fence)} Of what it takes away ${copies} in supabase_migrations (${kept[0] ?? ""}${kept.length > 1 ? ", …" : ""}) until the window for rolling back has passed; the next apply after that removes ${kept.length === 1 ? "it" : "them"}.`;
}

function describeVerdict({ verdict, sql, source, losses, rowsLeft, reason }: Rollback, fence: Fence): string {
  const why = reason === undefined ? "" : ` ${fence.wrap(reason)}`;
  const note = reason === undefined || verdict === "impossible" || verdict === "unproven" ? "" : why;
  switch (verdict) {
    case "proven":
      if (sql === "") return `proven: nothing of the schema or its rows has to be undone.${note}`;
      return `proven: ${byWhom(source)} was run and taken back, and everything was as before.${note}`;
    case "proven_schema_only":
      return `proven_schema_only: the schema comes back; rows written to ${listTables(rowsLeft, fence)} stay.${note}`;
    case "lossy":
      return `lossy: the schema comes back, but not ${listLosses(losses, fence)}.${note}`;
    case "unproven":
      return `unproven: it was not tried, because of this:${why}`;
    case "impossible":
      return `impossible:${why}`;
  }
}

function byWhom(source: Rollback["source"]): string {
  return source === "given" ? "the file's own rollback" : "a generated rollback";
}

/** Data that does not come back, as a list for a sentence. */
export function listLosses(losses: readonly RollbackLoss[], fence: Fence): string {
  return listFew(losses, mostNames, (loss) => describeLoss(loss, fence));
}

function describeLoss({ kind, name, how, rows, isEstimate }: RollbackLoss, fence: Fence): string {
  const shown = fence.wrapName(name);
  const count =
    rows === undefined ? "" : `${isEstimate === true ? "about " : ""}${rows.toLocaleString("en-US")} `;
  const noun = rows === 1 ? "row" : "rows";
  if (kind === "sequence") return `the position of sequence ${shown}`;
  if (kind === "role") return `role ${shown} as it was before, which belongs to the whole server`;
  if (kind === "column") {
    const values = `${count === "" ? "the " : count}${rows === 1 ? "value" : "values"} of column ${shown}`;
    return how === "converted" ? `${values} as they were before the new type` : values;
  }
  const what = { dropped: "", deleted: "deleted ", overwritten: "overwritten ", converted: "" }[how];
  return `${count === "" ? "the " : count}${what}${noun} of ${shown}`;
}

/** Names of tables, as a list for a sentence. */
export function listTables(tables: readonly string[], fence: Fence): string {
  return listFew(tables, mostNames, (table) => fence.wrapName(table));
}
