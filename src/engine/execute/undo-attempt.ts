import { diffCatalogs } from "../compare/diff-catalogs.ts";
import type { RoleStates } from "../effects/role-states.ts";
import type { RowDigests } from "../effects/row-digests.ts";
import type { Catalog, Change } from "../model/catalog.ts";
import type { TableRows } from "../model/effects.ts";
import type { KeptData } from "../model/kept-data.ts";
import type { Loss } from "../model/loss.ts";
import type { PlannedMigration } from "../model/plan.ts";
import { isBookkeeping } from "../plan/rollback/plan-undo.ts";
import type { Session, TargetDescription } from "../ports.ts";
import type { SchemaMoment } from "./schema-moment.ts";

/** What proving a way back needs. */
export interface UndoQuestion {
  readonly session: Session;
  readonly engine: TargetDescription["engine"];
  readonly migration: PlannedMigration;
  /** Before the migration, in the same transaction or under the same lock. */
  readonly before: SchemaMoment;
  /** Of the rows before the migration, of small tables that it names. */
  readonly digests: RowDigests;
  /** The roles that the migration names, before it. */
  readonly roles: RoleStates;
  /** Rows that the migration changed. */
  readonly rows: readonly TableRows[];
  /** Copies of what the migration took away, made before it ran. */
  readonly kept: readonly KeptData[];
  /** What the migration was known to take away. */
  readonly losses: readonly Loss[];
  /** How long a statement of the way back may take, in milliseconds, while the migration's locks are held. */
  readonly timeoutMs: number;
}

/** A question with the schema as the migration has left it. */
export interface UndoAttempt extends UndoQuestion {
  readonly after: SchemaMoment;
  /** From before to after. */
  readonly changes: readonly Change[];
}

/** What differs, without the history and the copies of rows that lie beside it. */
export function projectChanges(from: Catalog, to: Catalog): readonly Change[] {
  return diffCatalogs(from, to).filter((change) => !isBookkeeping(change));
}
