import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { userChanges } from "../compare/sort-changes.ts";
import { ident, sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { SessionDatabase, Query, Session } from "../ports.ts";
import { withShadow } from "../shadow/replay.ts";
import type { EngineContext } from "./context.ts";
import { likenessOf } from "./open-shadow.ts";

/** The schema of the target as it was read. */
export interface LiveSchema {
  readonly catalog: Catalog;
  /** Names of all roles: what is granted to them and owned by them is copied too. */
  readonly roles: readonly string[];
}

/** An embedded database with the live schema and no rows; gone when its user is done. */
export interface LiveCopy {
  readonly database: SessionDatabase;
  readonly session: Session;
  /** What could not be copied, and why. */
  readonly notCopied: readonly string[];
}

/** Lets `use` work on a copy of the live schema in a process of its own. The target is not touched. */
export async function withLiveCopy<T>(
  engine: EngineContext,
  live: LiveSchema,
  use: (copy: LiveCopy) => Promise<T>,
): Promise<T> {
  const { catalog, roles } = live;
  const { cacheFolder } = engine.shadow;
  const request = { files: [], likeness: likenessOf(catalog), live: catalog, cacheFolder };
  return withShadow(request, async (shadow) => {
    const session = await shadow.openSession();
    for (const role of roles) await tryRun(session, sql`create role ${ident(role)}`);
    const failures = await copySchema(session, { from: shadow.catalog, to: catalog });
    const findings = shadow.findings.map(({ file, cause }) => `${file}: ${cause}`);
    return use({ database: asDatabase(session), session, notCopied: [...findings, ...failures] });
  });
}

async function copySchema(
  session: Session,
  { from, to }: { readonly from: Catalog; readonly to: Catalog },
): Promise<readonly string[]> {
  const { statements, refusals } = planSchemaChange({
    from,
    to,
    changes: userChanges(diffCatalogs(from, to)),
  });
  const failures = refusals.map(({ key, reason }) => `${key}: ${reason}`);
  for (const statement of statements) {
    const failure = await tryRun(session, userStatement(statement.sql));
    if (failure !== undefined)
      failures.push(`${statement.subject ?? statement.sql}: ${failure.fields.message}`);
  }
  return failures;
}

async function tryRun(session: Session, query: Query): Promise<DatabaseError | undefined> {
  return session.run(query).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof DatabaseError && !error.connectionLost) return error;
      throw error;
    },
  );
}

/** The copy has the one session that it is. */
function asDatabase(session: Session): SessionDatabase {
  return {
    transport: "session",
    target: { engine: "pglite", id: "copy", label: "copy of the live schema", pooling: "none" },
    withSession: (use) => use(session),
    close: async () => undefined,
  };
}
