import { alignVersions } from "../catalog/align-versions.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { sortChanges } from "../compare/sort-changes.ts";
import type { Catalog } from "../model/catalog.ts";
import type { SessionDatabase, Session } from "../ports.ts";
import { closeGap, type ClosedGap, type Selects } from "../prove/close-gap.ts";
import { ensureRoles } from "../shadow/make-roles.ts";
import { withShadow } from "../shadow/replay.ts";
import type { EngineContext } from "./context.ts";
import { likenessOf } from "./open-shadow.ts";

/** The schema of the target as it was read. */
export interface LiveSchema {
  readonly catalog: Catalog;
  /** Roles that the copy is to have, beside those that the schema names. */
  readonly roles: readonly string[];
}

/** An embedded database with the live schema and no rows; gone when its user is done. */
export interface LiveCopy {
  readonly database: SessionDatabase;
  readonly session: Session;
  /** How the copy came about: what failed, such as an extension that the embedded database lacks, and what is missing. */
  readonly made: ClosedGap;
}

/** Differences between a live schema and a copy that mean anything: versions of extensions are the copy's own. */
export const selectsForCopy: Selects = (from, to) =>
  sortChanges(diffCatalogs(from, to), { from, to, isWithShadow: true }).drift;

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
    await ensureRoles(session, roles);
    const { left: from, right: to } = alignVersions(shadow.catalog, catalog);
    const made = await closeGap({ session, from, to, selects: selectsForCopy, answers: [] });
    return use({ database: asDatabase(session), session, made });
  });
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
