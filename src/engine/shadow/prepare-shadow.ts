import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { ident, sql, userStatement } from "../database/sql.ts";
import type { DatabaseError } from "../errors.ts";
import { factKey, type Catalog, type Fact } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Query, Session } from "../ports.ts";
import { gatherEvidence, isOfGrantEra, isSetByFiles, listGrantEra } from "./default-privileges.ts";
import { makeRoles, namedRoles } from "./make-roles.ts";
import type { ReplayFile, ReplayFinding } from "./replay-file.ts";
import { tryRun } from "./try-run.ts";

/** The live database, and the files that ran on it. */
export interface Preparation {
  readonly live: Catalog;
  readonly files: readonly ReplayFile[];
}

/** Makes a fresh shadow like the live database in what migrations take for given: roles, enabled extensions and default privileges. */
export async function prepareShadow(
  session: Session,
  preparation: Preparation,
): Promise<readonly ReplayFinding[]> {
  const { live } = preparation;
  await makeRoles(session, live);
  const findings: ReplayFinding[] = [];
  for (const extension of listExtensions(live)) {
    const failure = await enableExtension(session, extension);
    if (failure !== undefined)
      findings.push({ file: `extension ${extension.id.name}`, line: 1, cause: failure.fields.message });
  }
  await copyPrivileges(session, preparation);
  return findings;
}

/** What of the live database goes into a fresh shadow, as a text that changes whenever it does. */
export function describePreparation({ live, files }: Preparation): string {
  const evidence = gatherEvidence(live);
  const privileges = [...live.facts.values()].filter(isDefaultPrivilege);
  const decided = [...privileges, ...listGrantEra()].map((fact) => [
    fact.key,
    evidence(fact),
    isSetByFiles(fact, files),
  ]);
  const rights = [...live.facts.values()].filter((fact) => isRightToApply(fact, live));
  const facts = [...listExtensions(live), ...privileges, ...rights].map(({ key, attributes }) => [
    key,
    attributes,
  ]);
  return [[live.currentRole, ...namedRoles(live)], ...facts, ...decided]
    .map((part) => JSON.stringify(part))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("\n");
}

/** The findings without those of statements that make what `prepareShadow` has made before them. */
export function withoutPrepared(
  findings: readonly ReplayFinding[],
  live: Catalog | undefined,
): readonly ReplayFinding[] {
  if (live === undefined) return findings;
  const prepared = new Set([
    ...namedRoles(live).map((name) => `role "${name}"`),
    ...listExtensions(live).map(({ id }) => `extension "${id.name}"`),
  ]);
  return findings.filter(({ sqlstate, cause }) => {
    const object = sqlstate === "42710" ? /^(.*) already exists$/.exec(cause)?.[1] : undefined;
    return object === undefined || !prepared.has(object);
  });
}

function listExtensions(live: Catalog): readonly Fact[] {
  return [...live.facts.values()].filter(({ kind, id }) => kind === "extension" && id.name !== "plpgsql");
}

async function enableExtension(
  session: Session,
  { id, attributes }: Fact,
): Promise<DatabaseError | undefined> {
  const schema = attributes["schema"];
  const queries: readonly Query[] =
    typeof schema === "string" && schema !== "pg_catalog"
      ? [
          sql`create schema if not exists ${ident(schema)}`,
          sql`create extension if not exists ${ident(id.name)} with schema ${ident(schema)} cascade`,
        ]
      : [sql`create extension if not exists ${ident(id.name)} cascade`];
  for (const query of queries) {
    const failure = await tryRun(session, query);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/**
 * Default privileges of the time when the files ran decide what their tables got (drift.md 7.2): those that most live objects show, and that
 * no file sets. What came later is drift, so it is not copied.
 */
async function copyPrivileges(session: Session, preparation: Preparation): Promise<void> {
  const { live, files } = preparation;
  const fresh = await readCatalog(session);
  const evidence = gatherEvidence(live);
  const changes = diffCatalogs(fresh, live).filter((change) => {
    const fact = change.kind === "altered" ? change.to : change.fact;
    if (change.kind === "added" && isRightToApply(fact, live)) return true;
    if (!isDefaultPrivilege(fact)) return false;
    if (fact.provenance !== "user") return true;
    if (isSetByFiles(fact, files)) return false;
    const told = evidence(fact);
    if (told === "nothing to tell") return isOfGrantEra(fact);
    return told === (change.kind === "removed" ? "not in force" : "in force");
  });
  const { statements } = planSchemaChange({ from: fresh, to: live, changes });
  for (const statement of statements) await tryRun(session, userStatement(statement.sql));
}

const publicSchema = factKey({ kind: "schema", name: "public" });

/** Without its rights on `public` the role could not have run the first file: no file gives it them. */
function isRightToApply({ kind, id }: Fact, { currentRole }: Catalog): boolean {
  const isOwn = id.grantee?.kind === "role" && id.grantee.name === currentRole;
  return kind === "grant" && id.on === publicSchema && isOwn;
}

function isDefaultPrivilege({ kind }: Fact): boolean {
  return kind === "default_privilege";
}
