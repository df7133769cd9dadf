import type { Catalog, Fact, FactKey, ObjectKind } from "../../model/catalog.ts";
import type { SchemaStatement } from "../schema-change/schema-change.ts";
import type { BaselineStatement } from "./baseline-statement.ts";
import { titleApart, titleOf } from "./section-titles.ts";

/**
 * The statements of a plan with everything about one object together, as far as dependencies let it come so early, under headings.
 * A guess at an order that the server accepts: the plan's own order is the one that is known to be right.
 */
export function orderForReading(
  statements: readonly SchemaStatement[],
  to: Catalog,
): readonly BaselineStatement[] {
  const items = statements.map((statement) => toItem(statement, to));
  const groups = groupByRoot(items);
  const state: State = { to, waiting: countBySubject(items), done: new Set(), made: new Set(), written: [] };
  for (const item of items) {
    if (state.done.has(item)) continue;
    const isFirst = item.root !== undefined && !state.made.has(item.root.key);
    write(
      state,
      item,
      isFirst || item.root === undefined ? titleOf(item.root) : titleApart(item.fact, item.root),
    );
    if (isFirst && item.root !== undefined) pullForward(state, item.root, groups.get(item.root.key) ?? []);
  }
  return state.written;
}

/** The statements in the plan's own order, under headings. */
export function orderAsPlanned(
  statements: readonly SchemaStatement[],
  to: Catalog,
): readonly BaselineStatement[] {
  return statements.map((statement) => {
    const { root } = toItem(statement, to);
    return { section: titleOf(root), sql: statement.sql };
  });
}

interface Item {
  readonly statement: SchemaStatement;
  readonly fact: Fact | undefined;
  /** The object that the statement's subject is a part of, or the subject. */
  readonly root: Fact | undefined;
}

interface State {
  readonly to: Catalog;
  /** How many statements about a subject are still to be written. */
  readonly waiting: Map<FactKey, number>;
  readonly done: Set<Item>;
  readonly made: Set<FactKey>;
  readonly written: BaselineStatement[];
}

function toItem(statement: SchemaStatement, to: Catalog): Item {
  const fact = statement.subject === undefined ? undefined : to.facts.get(statement.subject);
  return { statement, fact, root: fact === undefined ? undefined : rootOf(fact, to) };
}

function rootOf(fact: Fact, to: Catalog): Fact {
  const above = fact.parent === undefined ? undefined : to.facts.get(fact.parent);
  return above === undefined ? fact : rootOf(above, to);
}

function groupByRoot(items: readonly Item[]): ReadonlyMap<FactKey, readonly Item[]> {
  const groups = new Map<FactKey, Item[]>();
  for (const item of items) {
    if (item.root === undefined) continue;
    const group = groups.get(item.root.key);
    if (group === undefined) groups.set(item.root.key, [item]);
    else group.push(item);
  }
  return groups;
}

function countBySubject(items: readonly Item[]): Map<FactKey, number> {
  const counts = new Map<FactKey, number>();
  for (const { fact } of items) if (fact !== undefined) counts.set(fact.key, (counts.get(fact.key) ?? 0) + 1);
  return counts;
}

function write(state: State, item: Item, section: string): void {
  state.done.add(item);
  state.written.push({ section, sql: item.statement.sql });
  if (item.fact !== undefined) state.waiting.set(item.fact.key, (state.waiting.get(item.fact.key) ?? 1) - 1);
  if (item.root !== undefined) state.made.add(item.root.key);
}

/** Parts that nothing but what their dependencies say keeps apart from their object. */
const followers: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  "column",
  "comment",
  "constraint",
  "default",
  "grant",
  "index",
  "policy",
  "rule",
  "security_label",
  "table",
  "trigger",
]);

/** Writes what of an object can follow at once, again and again until nothing more can. */
function pullForward(state: State, root: Fact, group: readonly Item[]): void {
  for (let count = -1; count !== state.written.length;) {
    count = state.written.length;
    const blocked = new Set<FactKey>();
    for (const item of group) {
      if (state.done.has(item) || item.fact === undefined) continue;
      const canFollow =
        !blocked.has(item.fact.key) && isFollower(item.fact, root) && isReady(state, item.fact, root);
      if (canFollow) write(state, item, titleOf(root));
      else blocked.add(item.fact.key);
    }
  }
}

/** A statement about the object itself that comes late, such as its grants, follows too. */
function isFollower(fact: Fact, root: Fact): boolean {
  return fact.key === root.key || followers.has(fact.kind);
}

function isReady(state: State, fact: Fact, root: Fact): boolean {
  return [...fact.dependsOn, ...(fact.parent === undefined ? [] : [fact.parent])].every((key) => {
    const needed = state.to.facts.get(key);
    if (needed === undefined || needed.key === root.key) return true;
    const itsRoot = rootOf(needed, state.to);
    const isWhole = (state.waiting.get(key) ?? 0) === 0;
    return (
      isWhole &&
      (itsRoot.key === root.key || (state.waiting.get(itsRoot.key) ?? 0) === 0 || state.made.has(itsRoot.key))
    );
  });
}
