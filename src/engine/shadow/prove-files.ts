import { alignVersions } from "../catalog/align-versions.ts";
import { readSetUpRows } from "../catalog/set-up-rows.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import type { Change } from "../model/catalog.ts";
import { alignViews } from "./align-views.ts";
import { missingRows, type BaselineOrder, type MadeBaseline } from "./make-baseline.ts";
import { withShadow } from "./replay.ts";
import type { ReplayFile } from "./replay-file.ts";

/** Replays files on an empty shadow that has nothing of the live database, and says what still differs from it. */
export async function proveFiles(
  files: readonly ReplayFile[],
  order: Pick<BaselineOrder, "live" | "rows" | "likeness" | "cacheFolder" | "isComparable">,
): Promise<Pick<MadeBaseline, "differences" | "failures" | "rowDifferences">> {
  const { likeness, cacheFolder } = order;
  return withShadow({ files, likeness, cacheFolder }, async (shadow) => {
    const { left, right } = alignVersions(order.live, shadow.catalog);
    const live = await alignViews(left, { ...shadow, catalog: right });
    const differences: readonly Change[] = diffCatalogs(live, right).filter(order.isComparable);
    const made = await readSetUpRows(await shadow.openSession(), order.live);
    return { differences, failures: shadow.findings, rowDifferences: missingRows(made, order.rows) };
  });
}
