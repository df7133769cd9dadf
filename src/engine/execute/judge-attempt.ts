import { ident, joinSql, sql } from "../database/sql.ts";
import { mergeRows } from "../effects/row-counters.ts";
import type { TableRows } from "../model/effects.ts";
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
  { session, before, after, changes, rows, losses }: UndoAttempt,
  { end, undoneRows, restored }: AttemptEnd,
): Promise<UndoJudgement> {
  const retyped = retypedColumns(changes);
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
    filled: await readFilled(session, looked),
    retyped,
  });
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
