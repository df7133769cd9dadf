import { alignVersions } from "../catalog/align-versions.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { SchemaComparison } from "../model/report.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import { countClasses, describeSchemaDrift, writeScript } from "../report/describe-schema-drift.ts";
import { countFitting } from "../report/page.ts";
import type { CallContext } from "../requests.ts";
import { alignViews } from "../shadow/align-views.ts";
import type { Replay } from "../shadow/replay.ts";
import { userChanges } from "./compare-databases.ts";
import { newFence, type EngineContext } from "./context.ts";
import { withFilesReplayed } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/** Together with the other layers an answer then stays below the 24 KB that clients take whole. */
const itemCharacters = 6_000;
const findingCharacters = 2_000;

/** Compares the live schema with what the files produce whose SQL has run. */
export async function compareWithFiles(
  engine: EngineContext,
  project: Project,
  call: CallContext,
): Promise<SchemaComparison> {
  const live = await project.database.withSession(readCatalog);
  return withFilesReplayed(engine, { project, live }, async (shadow) => {
    const { left, right } = alignVersions(live, shadow.catalog);
    const aligned = await alignViews(left, { ...shadow, catalog: right });
    return describe({ live: aligned, replay: { ...shadow, catalog: right }, call });
  });
}

interface Comparison {
  readonly live: Catalog;
  readonly replay: Replay;
  readonly call: CallContext;
}

function describe({ live, replay, call }: Comparison): SchemaComparison {
  const changes = comparable(diffCatalogs(live, replay.catalog));
  const there = planSchemaChange({ from: live, to: replay.catalog, changes });
  const back = planSchemaChange({
    from: replay.catalog,
    to: live,
    changes: comparable(diffCatalogs(replay.catalog, live)),
  });
  const refusals = [...there.refusals, ...back.refusals];
  const fence = newFence();
  const items = describeSchemaDrift({ changes, refusals, sides: { from: "live", to: "files" } }, fence);
  const isWhole = call.answerSize === "whole";
  const security = items.filter((item) => item.class === "security").length;
  const shown = isWhole ? items.length : Math.max(security, countFitting(items, itemCharacters));
  const findings = replay.findings.map(({ file, line, cause }) => ({ file, line, cause: fence.wrap(cause) }));
  const told = isWhole ? findings : findings.slice(0, countFitting(findings, findingCharacters));
  return {
    counts: countClasses(items),
    drift: items.slice(0, shown),
    ...(shown < items.length ? { drift_left_out: items.length - shown } : {}),
    ...(told.length === 0 ? {} : { not_replayed: told }),
    ...(isWhole ? { sql: { live_to_files: writeScript(there), files_to_live: writeScript(back) } } : {}),
  };
}

/** The shadow's extensions have the versions that its server ships, and its database settings are its own. */
export function comparable(changes: readonly Change[]): readonly Change[] {
  return userChanges(changes).filter((change) => {
    const fact = change.kind === "altered" ? change.to : change.fact;
    if (fact.kind === "setting") return false;
    if (fact.kind === "extension" && change.kind === "altered" && change.attribute === "version")
      return false;
    return !(fact.kind === "comment" && fact.id.on?.startsWith("extension ") === true);
  });
}
