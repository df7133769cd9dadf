import { advisorChecks, newFindings, runAdvisors } from "../advisors/index.ts";
import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { sql } from "../database/sql.ts";
import { readAccess } from "../effects/access-query.ts";
import { compareAccess } from "../effects/compare-access.ts";
import { factKey, type Catalog, type Change, type FactKey } from "../model/catalog.ts";
import type { AccessChange, AccessMatrix, AdvisorFinding } from "../model/effects.ts";
import type { Session } from "../ports.ts";
import { sendTogether } from "../database/send-together.ts";

/** Everything about a database that a migration may change besides rows, at one moment of a transaction. */
export interface Sight {
  readonly catalog: Catalog;
  readonly access: AccessMatrix;
  readonly findings: readonly AdvisorFinding[];
}

/** What is different between two sights. */
export interface SightChange {
  readonly schema: readonly Change[];
  /** Changed objects in a schema that is the platform's own, whoever owns them: an update of the platform may meet them. */
  readonly onPlatform: ReadonlySet<FactKey>;
  readonly access: readonly AccessChange[];
  readonly findings: readonly AdvisorFinding[];
}

/** Looks at the database inside the open transaction; the locks that looking takes are given back. */
export async function readSight(session: Session): Promise<Sight> {
  const [, catalog, access] = await sendTogether(
    session.run(sql`savepoint godwit_sight`),
    readCatalog(session),
    readAccess(session),
  );
  const findings = await runAdvisors(session, advisorChecks);
  await sendTogether(
    session.run(sql`rollback to savepoint godwit_sight`),
    session.run(sql`release savepoint godwit_sight`),
  );
  return { catalog, access, findings };
}

/** Compares two sights. */
export function compareSights(before: Sight, after: Sight): SightChange {
  const schema = diffCatalogs(before.catalog, after.catalog);
  return {
    schema,
    onPlatform: new Set(schema.map(({ key }) => key).filter((key) => isOnPlatform(key, before, after))),
    access: compareAccess(before.access, after.access),
    findings: newFindings(before.findings, after.findings),
  };
}

function isOnPlatform(key: FactKey, before: Sight, after: Sight): boolean {
  const fact = after.catalog.facts.get(key) ?? before.catalog.facts.get(key);
  const on = fact?.id.on === undefined ? undefined : after.catalog.facts.get(fact.id.on);
  const name = fact?.id.schema ?? on?.id.schema;
  const schema = name === undefined ? undefined : before.catalog.facts.get(factKey({ kind: "schema", name }));
  return schema?.provenance === "platform" || fact?.provenance === "platform";
}
