import { readCatalog } from "../catalog/read-catalog.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { ident, sql, userStatement } from "../database/sql.ts";
import type { Catalog, Fact } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Session } from "../ports.ts";
import { readRoles } from "./make-roles.ts";
import { readRoleFacts, restoreRoleFacts, type RoleFacts } from "./role-facts.ts";
import { tryRun } from "./try-run.ts";

/** A database as it was before anything was made in it, with the roles of its server. */
export interface FoundServer {
  readonly catalog: Catalog;
  readonly roles: readonly string[];
  readonly roleFacts: RoleFacts;
}

/** What `restoreServer` goes back to. */
export async function lookAtServer(session: Session): Promise<FoundServer> {
  return {
    catalog: await readCatalog(session),
    roles: await readRoles(session),
    roleFacts: await readRoleFacts(session),
  };
}

// What a statement leaves because something depends on it goes in the next round.
const rounds = 3;

/**
 * Removes from a database whatever was not there before, and from its server what became of the roles that are ours: others are
 * other sessions', who go on working. Answers what could not be removed.
 */
export async function restoreServer(
  session: Session,
  found: FoundServer,
  isOurs: (role: string) => boolean,
): Promise<readonly string[]> {
  for (let round = 0; round < rounds; round += 1) {
    const now = await readCatalog(session);
    const changes = diffCatalogs(now, found.catalog);
    if (changes.length === 0) break;
    await dropWholes(session, now, found.catalog);
    const rest = await readCatalog(session);
    const plan = planSchemaChange({
      from: rest,
      to: found.catalog,
      changes: diffCatalogs(rest, found.catalog),
    });
    for (const statement of plan.statements) await tryRun(session, userStatement(statement.sql));
    await session.run(sql`reset all`);
  }
  await restoreRoleFacts(session, found.roleFacts, isOurs);
  const known = new Set(found.roles);
  const roles = await dropRoles(session, (role) => !known.has(role) && isOurs(role));
  const left = diffCatalogs(await readCatalog(session), found.catalog).map(({ key }) => key);
  return [...left, ...roles.map((name) => `role ${JSON.stringify(name)}`)];
}

/** Extensions and schemas take with them what is in them, also what no kind models. */
async function dropWholes(session: Session, now: Catalog, before: Catalog): Promise<void> {
  const isNew = ({ key }: Fact) => !before.facts.has(key);
  const made = [...now.facts.values()].filter(isNew);
  for (const { id } of made.filter(({ kind }) => kind === "extension"))
    await tryRun(session, sql`drop extension if exists ${ident(id.name)} cascade`);
  for (const { id } of made.filter(({ kind }) => kind === "schema"))
    await tryRun(session, sql`drop schema if exists ${ident(id.name)} cascade`);
}

/** One that owns something in another database of the server cannot be dropped. Answers those that are left. */
async function dropRoles(session: Session, isMade: (role: string) => boolean): Promise<readonly string[]> {
  const list = async () => (await readRoles(session)).filter(isMade);
  for (const name of await list()) await tryRun(session, sql`drop owned by ${ident(name)} cascade`);
  for (const name of await list()) await tryRun(session, sql`drop role ${ident(name)}`);
  return list();
}
