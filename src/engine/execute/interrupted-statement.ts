import { ident, sql } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import type { StatementResult } from "../model/history.ts";
import type { PlannedStatement } from "../model/plan.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Session } from "../ports.ts";

/**
 * For a statement whose end was never seen: its result where the catalog shows that it was carried out,
 * undefined where it has to run (again). Only index builds and drops leave such a mark; all others are run again.
 */
export async function wasCarriedOut(
  session: Session,
  statement: PlannedStatement,
): Promise<StatementResult | undefined> {
  const { indexChange } = statement;
  if (indexChange === undefined) return undefined;
  const state = await readIndexState(session, indexChange.index);
  const isDone = indexChange.kind === "create" ? state === "valid" : state === "absent";
  if (!isDone) return undefined;
  const { index, fingerprint, command } = statement;
  return { index, state: "done", fingerprint, command, rowsAffected: 0, durationMs: 0 };
}

/**
 * Refuses to build an index over an invalid one of the same name, over which IF NOT EXISTS would silently pass.
 * It is not dropped here: it may be another session's that is being built right now. Throws `not_applicable`.
 */
export async function refuseInvalidIndex(session: Session, statement: PlannedStatement): Promise<void> {
  const index = builtIndex(statement);
  if (index === undefined || (await readIndexState(session, index)) !== "invalid") return;
  throw new EngineError(
    "not_applicable",
    `The index ${index.name} exists already and is invalid: its build failed, or is going on in another session.`,
    {
      hint: `If nothing builds it, run drop index concurrently ${index.name}, then call apply_migration again.`,
    },
  );
}

/** Drops what a failed or interrupted build of our own left behind. Nobody else can build it: we hold the history's lock. */
export async function dropInvalidIndex(session: Session, statement: PlannedStatement): Promise<void> {
  const index = builtIndex(statement);
  if (index === undefined || (await readIndexState(session, index)) !== "invalid") return;
  const name = index.schema === undefined ? ident(index.name) : ident(index.schema, index.name);
  await session.run(sql`drop index concurrently if exists ${name}`);
}

function builtIndex(statement: PlannedStatement): RelationName | undefined {
  return statement.indexChange?.kind === "create" ? statement.indexChange.index : undefined;
}

async function readIndexState(
  session: Session,
  index: RelationName,
): Promise<"absent" | "invalid" | "valid"> {
  const { rows } = await session.run(sql`
    select i.indisvalid as is_valid
    from pg_catalog.pg_class c
    join pg_catalog.pg_index i on i.indexrelid = c.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${index.name}
      and (n.nspname = ${index.schema ?? null} or (${index.schema ?? null}::text is null and pg_table_is_visible(c.oid)))`);
  if (rows.length === 0) return "absent";
  return rows[0]?.["is_valid"] === true ? "valid" : "invalid";
}
