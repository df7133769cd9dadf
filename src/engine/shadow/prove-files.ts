import { alignVersions } from "../catalog/align-versions.ts";
import { readSetUpRows } from "../catalog/set-up-rows.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { alignViews } from "./align-views.ts";
import { missingRows, type BaselineOrder, type MadeBaseline } from "./make-baseline.ts";
import type { Shadow } from "./replay.ts";

/** What still differs from the live database in a shadow in which the files that stand for it were replayed. */
export async function proveReplayed(
  shadow: Shadow,
  order: Pick<BaselineOrder, "live" | "rows" | "isComparable">,
): Promise<Pick<MadeBaseline, "differences" | "failures" | "rowDifferences">> {
  const { left, right } = alignVersions(order.live, shadow.catalog);
  const live = await alignViews(left, { ...shadow, catalog: right });
  const made = await readSetUpRows(await shadow.openSession(), order.live);
  return {
    differences: diffCatalogs(live, right).filter(order.isComparable),
    failures: shadow.findings,
    rowDifferences: missingRows(made, order.rows),
  };
}
