import { countersSince, readCounters } from "../effects/row-counters.ts";
import { findGone, readTableFiles, type TableFile } from "../effects/table-files.ts";
import type { MeasuredChange, RowCounters } from "../model/effects.ts";
import type { StatementResult } from "../model/history.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedStatement } from "../model/plan.ts";
import type { RelationName } from "../model/relation-name.ts";
import type { Session } from "../ports.ts";

/** Thrown before COMMIT where a migration has destroyed more than was confirmed; the transaction is then rolled back. */
export class UnconfirmedEffects extends Error {
  override readonly name = "UnconfirmedEffects";
  readonly losses: readonly Loss[];

  constructor(losses: readonly Loss[]) {
    super("It changed more rows than go without a yes, so it was rolled back.");
    this.losses = losses;
  }
}

/** Watches what each transaction of a plan does to rows that were there before the plan. */
export interface EffectsGuard {
  readonly begin: (session: Session) => Promise<EffectsWatch>;
}

export interface EffectsWatch {
  /** Runs a statement, and looks behind those whose text does not tell what they do. */
  readonly around: (
    statement: PlannedStatement,
    run: () => Promise<StatementResult>,
  ) => Promise<StatementResult>;
  /** Hands everything measured to the judge, who may throw `UnconfirmedEffects`. */
  readonly settle: (fileName: string) => Promise<void>;
}

/** Asked about each transaction of a migration file before it is committed. */
export type EffectsJudge = (fileName: string, changes: readonly MeasuredChange[]) => void;

/** A guard for one plan: what exists when its first transaction begins is what can be lost. */
export function guardEffects(judge: EffectsJudge): EffectsGuard {
  let known: ReadonlyMap<string, TableFile> | undefined;
  return {
    begin: async (session) => {
      const existing = (known ??= await readTableFiles(session));
      const before = await readCounters(session);
      const gone = new Map<string, "dropped" | "emptied">();
      const fills: Fill[] = [];
      return {
        around: async (statement, run) => {
          const files = isOpaque(statement) ? await readTableFiles(session) : undefined;
          const result = await run();
          const { fillsNewColumns: relation } = statement;
          if (relation !== undefined) fills.push({ relation, rows: result.rowsAffected });
          if (files === undefined) return result;
          for (const { oid, change } of await findGone(session, files))
            if (!isNamedIn(statement, files.get(oid))) gone.set(oid, change);
          return result;
        },
        settle: async (fileName) => {
          const after = before === undefined ? undefined : await readCounters(session);
          const counters = countersSince(before ?? new Map(), after ?? new Map());
          judge(fileName, toChanges({ existing, counters, gone, fills }));
        },
      };
    },
  };
}

interface Fill {
  readonly relation: RelationName;
  readonly rows: number;
}

/** What CALL, DO and functions do is not in their text; the two functions of every dump are known. */
export function isOpaque({ command, text, bodyOffset }: PlannedStatement): boolean {
  if (command === "CALL" || command === "DO" || command === "EXECUTE") return true;
  const body = text.slice(bodyOffset);
  const isKnown = /^select\s+(?:pg_catalog\.)?(?:setval|set_config)\s*\([^()]*\)\s*;?\s*$/i.test(body);
  return (command === "SELECT" || command === "EXPLAIN") && body.includes("(") && !isKnown;
}

/** What the text names was looked up and counted before the plan ran. */
function isNamedIn({ destroys }: PlannedStatement, file: TableFile | undefined): boolean {
  return destroys.some((act) => {
    if (act.kind === "drop") return act.object.name === file?.name;
    return "relation" in act && act.relation.name === file?.name;
  });
}

function toChanges(measured: {
  readonly existing: ReadonlyMap<string, TableFile>;
  readonly counters: ReadonlyMap<string, RowCounters>;
  readonly gone: ReadonlyMap<string, "dropped" | "emptied">;
  readonly fills: readonly Fill[];
}): readonly MeasuredChange[] {
  const { existing, counters, gone, fills } = measured;
  const touched = new Set([...counters.keys(), ...gone.keys()]);
  return [...touched].flatMap((oid): readonly MeasuredChange[] => {
    const file = existing.get(oid);
    if (file === undefined || file.bytes === 0) return [];
    const now = counters.get(oid);
    const filled = now === undefined ? 0 : rowsFilled(fills, now);
    const deleted = now?.deleted ?? 0;
    const updated = Math.max(0, (now?.updated ?? 0) - filled);
    const taken = gone.get(oid);
    if (deleted + updated === 0 && taken === undefined) return [];
    const { table, estimatedRows } = file;
    return [
      {
        table,
        deleted,
        updated,
        ...(taken === undefined ? {} : { gone: { change: taken, estimatedRows } }),
      },
    ];
  });
}

function rowsFilled(fills: readonly Fill[], { schema, table }: RowCounters): number {
  return fills
    .filter(({ relation }) => relation.name === table && (relation.schema ?? schema) === schema)
    .reduce((sum, { rows }) => sum + rows, 0);
}
