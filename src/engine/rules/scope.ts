import type { RangeVar } from "../sql/parse.ts";
import { unknownName } from "../sql/dynamic-text.ts";
import type { Ledger } from "./ledger.ts";
import type { LiveSchema } from "./live-schema.ts";
import { keyOf, nameOfRange, type Name } from "./names.ts";
import type { Profile } from "./profile.ts";
import type { StatementView } from "./statement-view.ts";

/** What a rule knows beside the statement itself. */
export interface Scope {
  /** Every statement of the migration, those that it runs in blocks among them. */
  readonly migration: readonly StatementView[];
  /** Index of the statement in `migration`. */
  readonly position: number;
  readonly profile: Profile;
  /** What the migration has made before this statement. */
  readonly made: Ledger;
  /** What all the migrations given have made when the last of them has run. */
  readonly outcome: Ledger;
  /** The live schema before the first migration, where one is known. */
  readonly live: LiveSchema | undefined;
  /** The schema after the last migration, where a replay or a rehearsal has shown it. */
  readonly after: LiveSchema | undefined;
  /** A dump of a whole schema restates the platform's settings and privileges; it does not change them. */
  readonly isDump: boolean;
}

/** What is so before a statement. */
export type Before = Pick<Scope, "made" | "live">;

/** True for a table that no other session can be using: made by this migration, temporary, or known to be empty. */
export function isOwnTable(scope: Before, table: Name | RangeVar | undefined): boolean {
  const name = toTableName(table);
  if (name === undefined) return false;
  if (isTemporary(table)) return true;
  return scope.made.has("relation", keyOf(name)) || scope.live?.isEmpty(name) === true;
}

/** True where this migration made the object before this statement. */
export function isNew(scope: Scope, kind: string, name: Name): boolean {
  return scope.made.has(kind, keyOf(name));
}

/** The nearest statements that are looked at; a longer file says the same over and over. */
const mostNeighbours = 500;

/** The statements after this one that name an object. */
export function following(scope: Scope, name: Name): readonly StatementView[] {
  const positions = scope.profile.naming(keyOf(name));
  const from = firstAfter(positions, scope.position);
  return toViews(scope, positions.slice(from, from + mostNeighbours));
}

/** The statements before this one that name an object. */
export function preceding(scope: Scope, name: Name): readonly StatementView[] {
  const positions = scope.profile.naming(keyOf(name));
  const end = firstAfter(positions, scope.position - 1);
  return toViews(scope, positions.slice(Math.max(0, end - mostNeighbours), end));
}

/** The other statements that name an object. */
export function besides(scope: Scope, name: Name): readonly StatementView[] {
  return [...preceding(scope, name), ...following(scope, name)];
}

function firstAfter(positions: readonly number[], position: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toViews({ migration }: Scope, positions: readonly number[]): readonly StatementView[] {
  return positions.flatMap((position) => migration[position] ?? []);
}

/** True where only the run shows which object is meant. */
export function isUnknownName(name: Name): boolean {
  return name.name.includes(unknownName);
}

function isTemporary(table: Name | RangeVar | undefined): boolean {
  if (table === undefined) return false;
  if ("relname" in table && table.relpersistence === "t") return true;
  const schema = "relname" in table ? table.schemaname : toTableName(table)?.schema;
  return schema?.startsWith("pg_temp") === true;
}

function toTableName(table: Name | RangeVar | undefined): Name | undefined {
  if (table === undefined) return undefined;
  return "name" in table ? table : nameOfRange(table);
}
