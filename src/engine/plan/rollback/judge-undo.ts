import type { Change } from "../../model/catalog.ts";
import { changeId } from "../../compare/change-id.ts";
import type { TableRows } from "../../model/effects.ts";
import type { Loss } from "../../model/loss.ts";
import type { RollbackLoss, RollbackVerdict } from "../../model/rollback.ts";
import type { NamedThing, Things } from "../../model/things.ts";
import { lostPositions } from "./sequence-positions.ts";

/** What was seen of a migration and of the attempt to undo it. */
export interface UndoTrial {
  readonly before: Things;
  /** After the migration. */
  readonly after: Things;
  /** After the migration was undone. */
  readonly end: Things;
  /** How the schema still differs from the one before, after undoing. */
  readonly left: readonly Change[];
  /** Rows that the migration changed, by the server's counters. */
  readonly rows: readonly TableRows[];
  /** The same of undoing it. */
  readonly undoneRows: readonly TableRows[];
  /** What the migration was known to take away, before it ran. */
  readonly losses: readonly Loss[];
  /** Names of what came back from copies as it was. */
  readonly restored: ReadonlySet<string>;
  /** Tables of which somebody has compared every row, and found them in the end as before. */
  readonly unchanged: ReadonlySet<string>;
  /** Roles that are not what they were before. */
  readonly otherRoles: readonly string[];
  /** What only one of before and the end has, and no kind of the catalog describes. */
  readonly otherObjects: readonly string[];
  /** True where the migration's text sets a sequence, which otherwise only goes on with every row, and never back. */
  readonly setsSequences: boolean;
  /** Tables that have rows after the migration, by id. */
  readonly filled: ReadonlySet<string>;
  /** Of the schema before, for columns that got another type. */
  readonly retyped: readonly Change[];
}

export interface UndoJudgement {
  readonly verdict: Exclude<RollbackVerdict, "unproven">;
  readonly losses: readonly RollbackLoss[];
  readonly rowsLeft: readonly string[];
  readonly reason?: string;
}

/** What a trial says of a way back. Pure. */
export function judgeUndo(trial: UndoTrial): UndoJudgement {
  const [first] = trial.left;
  if (first !== undefined) {
    const more = trial.left.length > 1 ? `, and ${trial.left.length - 1} more` : "";
    return {
      verdict: "impossible",
      losses: [],
      rowsLeft: [],
      reason: `Undone, the schema would still differ: ${changeId(first)}${more}.`,
    };
  }
  const [object] = trial.otherObjects;
  if (object !== undefined) {
    const reason = `Nothing describes what it does to ${object}, so that nothing undoes it.`;
    return { verdict: "impossible", losses: [], rowsLeft: [], reason };
  }
  const losses = withoutRepeats([
    ...lostThings(trial),
    ...convertedColumns(trial),
    ...lostRows(trial),
    ...emptiedTables(trial),
    ...lostPositions(trial),
    ...trial.otherRoles.map((name) => ({ kind: "role", name, how: "overwritten" }) as const),
  ]).filter(({ name }) => !isUnharmed(name, trial));
  const rowsLeft = rowsLeftBy(trial).filter((name) => !isUnharmed(name, trial));
  if (losses.length > 0) return { verdict: "lossy", losses, rowsLeft };
  return { verdict: rowsLeft.length > 0 ? "proven_schema_only" : "proven", losses, rowsLeft };
}

/** What came back from a copy, or has in the end the rows that it had before. */
function isUnharmed(name: string, { restored, unchanged }: UndoTrial): boolean {
  if (restored.has(name) || unchanged.has(name)) return true;
  const table = name.slice(0, name.lastIndexOf("."));
  return table.includes(".") && unchanged.has(table);
}

/** Tables and columns that are made anew where the migration, or undoing it, has dropped them. */
function lostThings({ before, end, rows, losses, filled }: UndoTrial): readonly RollbackLoss[] {
  return [...before.values()].flatMap((thing): readonly RollbackLoss[] => {
    if (end.has(thing.id)) return [];
    const name = nameOf(thing);
    if (thing.kind === "table" && thing.holds)
      return [{ kind: "table", name, how: "dropped", ...countOf(rows, thing) }];
    if (thing.kind !== "column") return [];
    const table = tableOf(thing);
    if (!end.has(table) || !filled.has(table)) return [];
    const known = losses.find((loss) => loss.kind === "column" && loss.name === name);
    return [{ kind: "column", name, how: "dropped", ...countIn(known) }];
  });
}

function convertedColumns({ losses, retyped, filled, before }: UndoTrial): readonly RollbackLoss[] {
  const told = losses.flatMap((loss): readonly RollbackLoss[] =>
    loss.change === "converted"
      ? [{ kind: "column", name: loss.name, how: "converted", ...countIn(loss) }]
      : [],
  );
  const names = new Set(told.map(({ name }) => name));
  const filledNames = new Set(
    [...before.values()].filter(({ id }) => filled.has(id)).map(({ schema, name }) => `${schema}.${name}`),
  );
  const others = retyped.flatMap((change): readonly RollbackLoss[] => {
    if (change.kind !== "altered" || isWidening(change.before, change.after)) return [];
    const { schema = "", within = "", name } = change.from.id;
    const whole = `${schema}.${within}.${name}`;
    if (names.has(whole) || !filledNames.has(`${schema}.${within}`)) return [];
    return [{ kind: "column", name: whole, how: "converted" }];
  });
  return [...told, ...others];
}

/** Types whose every value another type keeps, and gives back unchanged. */
const widenings: Readonly<Record<string, readonly string[]>> = {
  smallint: ["integer", "bigint", "numeric"],
  integer: ["bigint", "numeric"],
  bigint: ["numeric"],
  real: ["double precision"],
  uuid: ["text"],
  citext: ["text"],
  json: ["text"],
};

function isWidening(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  const varying = /^character varying(?:\((\d+)\))?$/;
  const [from, to] = [varying.exec(before), varying.exec(after)];
  if (
    from !== null &&
    (after === "text" || (to !== null && (to[1] === undefined || Number(from[1]) <= Number(to[1]))))
  )
    return true;
  if (before === "text" && to !== null && to[1] === undefined) return true;
  return widenings[before]?.includes(after) ?? false;
}

/** Rows of tables that were there before and are there in the end. */
function lostRows(trial: UndoTrial): readonly RollbackLoss[] {
  const undone = new Map(trial.undoneRows.map((each) => [each.table, each]));
  return keptRows(trial).flatMap((each): readonly RollbackLoss[] => {
    const back = undone.get(each.table);
    const gone = each.deleted + (each.destroyed ?? 0);
    const returned = back?.inserted ?? 0;
    const losses: RollbackLoss[] = [];
    const estimate = each.isEstimate === true ? { isEstimate: true } : {};
    if (gone > returned)
      losses.push({ kind: "table", name: each.table, how: "deleted", rows: gone - returned, ...estimate });
    if (each.updated > 0 && (back?.updated ?? 0) === 0) {
      losses.push({ kind: "table", name: each.table, how: "overwritten", rows: each.updated });
    }
    return losses;
  });
}

/** A rehearsal counts what TRUNCATE took only when it is over. */
function emptiedTables({ losses, rows }: UndoTrial): readonly RollbackLoss[] {
  const counted = new Set(rows.flatMap(({ table, destroyed }) => (destroyed === undefined ? [] : [table])));
  return losses.flatMap((loss): readonly RollbackLoss[] =>
    loss.change === "emptied" && !counted.has(loss.name)
      ? [{ kind: "table", name: loss.name, how: "deleted", ...countIn(loss) }]
      : [],
  );
}

function rowsLeftBy(trial: UndoTrial): readonly string[] {
  const undone = new Map(trial.undoneRows.map((each) => [each.table, each]));
  return keptRows(trial).flatMap((each) => {
    const back = undone.get(each.table);
    const isWritten = each.inserted > (back?.deleted ?? 0) + (back?.destroyed ?? 0);
    // Whether written values are those of before, no count tells.
    return isWritten || (each.updated > 0 && (back?.updated ?? 0) > 0) ? [each.table] : [];
  });
}

function keptRows({ before, after, end, rows }: UndoTrial): readonly TableRows[] {
  const kept = new Set(
    [...before.values(), ...after.values()]
      .filter(({ kind, id }) => kind === "table" && before.has(id) && end.has(id))
      .map(nameOf),
  );
  return rows.filter(({ table }) => kept.has(table));
}

function countOf(rows: readonly TableRows[], thing: NamedThing): Pick<RollbackLoss, "rows" | "isEstimate"> {
  const found = rows.find(({ table }) => table === nameOf(thing));
  if (found?.destroyed !== undefined) {
    return { rows: found.destroyed, ...(found.isEstimate === true ? { isEstimate: true } : {}) };
  }
  return thing.estimate > 0 ? { rows: thing.estimate, isEstimate: true } : {};
}

function countIn(loss: Loss | undefined): Pick<RollbackLoss, "rows" | "isEstimate"> {
  if (loss?.rows === undefined) return {};
  const { count, certainty } = loss.rows;
  return { rows: count, ...(certainty === "counted" ? {} : { isEstimate: true }) };
}

function nameOf({ kind, schema, within, name }: NamedThing): string {
  return kind === "column" ? `${schema}.${within}.${name}` : `${schema}.${name}`;
}

/** `a<oid>.<number>` is a column of `r<oid>`. */
function tableOf({ id }: NamedThing): string {
  return `r${id.slice(1).split(".")[0] ?? ""}`;
}

function withoutRepeats(losses: readonly RollbackLoss[]): readonly RollbackLoss[] {
  return [
    ...new Map(losses.map((loss) => [JSON.stringify([loss.kind, loss.name, loss.how]), loss])).values(),
  ];
}

/** Tables whose rows decide whether something is lost: those that lack a column, or have one of another type. */
export function tablesToLookAt({
  before,
  end,
  retyped,
}: Pick<UndoTrial, "before" | "end" | "retyped">): readonly NamedThing[] {
  const lost = [...before.values()].flatMap((thing) =>
    thing.kind === "column" && !end.has(thing.id) ? [tableOf(thing)] : [],
  );
  const names = new Set(
    retyped.flatMap((change) =>
      change.kind === "altered" ? [`${change.from.id.schema ?? ""}.${change.from.id.within ?? ""}`] : [],
    ),
  );
  const ids = new Set(lost);
  return [...end.values()].filter(
    (thing) => thing.kind === "table" && (ids.has(thing.id) || names.has(nameOf(thing))),
  );
}

/** The changes of a schema that give a column another type, and not only its type another name. */
export function retypedColumns(
  changes: readonly Change[],
  { before, after }: Pick<UndoTrial, "before" | "after">,
): readonly Change[] {
  const kept = new Set(
    [...before.values()].flatMap((thing) =>
      thing.kind === "column" && after.get(thing.id)?.type === thing.type ? [nameOf(thing)] : [],
    ),
  );
  return changes.filter(
    (change) =>
      change.kind === "altered" &&
      change.to.kind === "column" &&
      change.attribute === "type" &&
      !kept.has(`${change.from.id.schema ?? ""}.${change.from.id.within ?? ""}.${change.from.id.name}`),
  );
}
