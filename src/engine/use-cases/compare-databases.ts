import { alignVersions } from "../catalog/align-versions.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { CompareDatabasesReport, SchemaDriftItem } from "../model/report.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { RenameCandidate } from "../plan/schema-change/schema-change.ts";
import type { Database } from "../ports.ts";
import { countClasses, describeSchemaDrift, writeScript } from "../report/describe-schema-drift.ts";
import type { CallContext, CompareDatabasesRequest } from "../requests.ts";
import { newFence, openTarget, type EngineContext } from "./context.ts";

/** Compares the target's schema with another database's, and plans the SQL that makes either into the other. Changes neither. */
export async function compareDatabases(
  engine: EngineContext,
  request: CompareDatabasesRequest,
  call: CallContext,
): Promise<CompareDatabasesReport> {
  const target = await openTarget(engine, call);
  const against = await engine.openOther(request.againstUrl);
  try {
    const catalogs = await Promise.all([target.withSession(readCatalog), against.withSession(readCatalog)]);
    const { left, right } = alignVersions(...catalogs);
    return describe({ target, against, ours: left, theirs: right });
  } finally {
    await against.close();
  }
}

interface Comparison {
  readonly target: Database;
  readonly against: Database;
  readonly ours: Catalog;
  readonly theirs: Catalog;
}

function describe({ target, against, ours, theirs }: Comparison): CompareDatabasesReport {
  const changes = userChanges(diffCatalogs(ours, theirs));
  const there = planSchemaChange({ from: ours, to: theirs, changes });
  const back = planSchemaChange({ from: theirs, to: ours, changes: userChanges(diffCatalogs(theirs, ours)) });
  const refusals = [...there.refusals, ...back.refusals];
  const sides = { from: "target", to: "against" } as const;
  const items = describeSchemaDrift({ changes, refusals, sides }, newFence());
  const unmodelled = [...ours.unmodelled, ...theirs.unmodelled];
  const renames = there.renames.map(describeRename);
  return {
    summary: summarize(items),
    target: target.target.label,
    against: against.target.label,
    has_drift: items.length > 0,
    layers: ["schema"],
    counts: countClasses(items),
    drift: items,
    sql: { to_against: writeScript(there), to_target: writeScript(back) },
    hazards: [...new Set(there.statements.flatMap(({ hazards }) => hazards))].toSorted(),
    ...(renames.length === 0 ? {} : { rename_candidates: renames }),
    ...(unmodelled.length === 0 ? {} : { unmodelled: unmodelled.map(({ kind, name }) => `${kind} ${name}`) }),
  };
}

/** What belongs to the platform or to an extension is neither's to change. */
export function userChanges(changes: readonly Change[]): readonly Change[] {
  return changes.filter(
    (change) => (change.kind === "altered" ? change.to : change.fact).provenance === "user",
  );
}

function describeRename({ from, to, sql }: RenameCandidate): string {
  return `${from} may have become ${to}: ${sql}`;
}

function summarize(items: readonly SchemaDriftItem[]): string {
  if (items.length === 0) return "The two schemas are equal.";
  const security = items.filter((item) => item.class === "security").length;
  const places = `${items.length} ${items.length === 1 ? "place" : "places"}`;
  return `The two schemas differ in ${places}${security === 0 ? "" : `, ${security} of them about security`}.`;
}
