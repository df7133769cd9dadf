import { ident, joinSql, sql } from "../database/sql.ts";
import { readRolesNamedIn } from "../effects/role-states.ts";
import { readRowDigests } from "../effects/row-digests.ts";
import { mergeRows } from "../effects/row-counters.ts";
import type { TableRows } from "../model/effects.ts";
import type { UnmodelledObject } from "../model/catalog.ts";
import type { NamedThing } from "../model/things.ts";
import {
  judgeUndo,
  retypedColumns,
  tablesToLookAt,
  type UndoJudgement,
} from "../plan/rollback/judge-undo.ts";
import type { Session } from "../ports.ts";
import type { SchemaMoment } from "./schema-moment.ts";
import { projectChanges, type UndoAttempt } from "./undo-attempt.ts";

/** What an attempt to undo has led to. */
interface AttemptEnd {
  readonly end: SchemaMoment;
  readonly undoneRows: readonly TableRows[];
  readonly restored: readonly string[];
}

/** How far an attempt has led back, read where it is still open: which tables hold rows is asked there. */
export async function judgeAttempt(
  attempt: UndoAttempt,
  { end, undoneRows, restored }: AttemptEnd,
): Promise<UndoJudgement> {
  const { session, migration, before, after, changes, rows, losses } = attempt;
  const retyped = retypedColumns(changes, { before: before.things, after: after.things });
  const looked = tablesToLookAt({ before: before.things, end: end.things, retyped });
  return judgeUndo({
    before: before.things,
    after: after.things,
    end: end.things,
    left: projectChanges(end.catalog, before.catalog),
    rows: mergeRows(rows),
    undoneRows,
    losses,
    restored: new Set(restored),
    unchanged: await findUnchanged(attempt, end),
    otherRoles: await findOtherRoles(attempt),
    otherObjects: otherNames(before.catalog.unmodelled, end.catalog.unmodelled),
    setsSequences: /\bsetval\b|\brestart\b/i.test(migration.sql),
    filled: await readFilled(session, looked),
    retyped,
  });
}

/** Roles that are not what they were: they belong to the server, and no schema brings them back. */
async function findOtherRoles({ session, migration, roles }: UndoAttempt): Promise<readonly string[]> {
  const now = await readRolesNamedIn(session, migration.sql);
  return [...new Set([...roles.keys(), ...now.keys()])].filter((name) => roles.get(name) !== now.get(name));
}

function otherNames(
  before: readonly UnmodelledObject[],
  end: readonly UnmodelledObject[],
): readonly string[] {
  const [then, now] = [before, end].map(
    (objects) => new Set(objects.map(({ kind, name }) => `${kind} ${name}`)),
  );
  return [...new Set([...(then ?? []), ...(now ?? [])])].filter((name) => then?.has(name) !== now?.has(name));
}

/** Which tables have in the end exactly the rows that they had before, of those whose rows were looked at. */
async function findUnchanged(
  { session, engine, digests }: UndoAttempt,
  { things }: SchemaMoment,
): Promise<ReadonlySet<string>> {
  const looked = [...things.values()].filter(
    ({ kind, schema, name }) => kind === "table" && digests.has(`${schema}.${name}`),
  );
  const now = await readRowDigests(session, engine, looked);
  return new Set([...now].flatMap(([name, rows]) => (rows === digests.get(name) ? [name] : [])));
}

/** Which of these tables have a row; policies must not hide one. */
async function readFilled(session: Session, tables: readonly NamedThing[]): Promise<ReadonlySet<string>> {
  if (tables.length === 0) return new Set();
  await session.run(sql`select set_config('row_security', 'off', true)`);
  const questions = tables.map(
    ({ id, schema, name }) => sql`select ${id}::text as id where exists (select from ${ident(schema, name)})`,
  );
  const { rows } = await session.run(joinSql(questions, " union all "));
  return new Set(rows.map((row) => String(row["id"])));
}
