import type { Catalog, Change, FactKey } from "../../model/catalog.ts";
import { decideIntents } from "./decide-intents.ts";
import { findRenames } from "./find-renames.ts";
import { linkNodes } from "./link-nodes.ts";
import { linkOverloads } from "./link-overloads.ts";
import { orderSteps, type Edge } from "./order-steps.ts";
import { planTargetGrants, type TargetGrants } from "./plan-target-grants.ts";
import { planGrants } from "./plan-grants.ts";
import { chooseAnew, refuseCircles } from "./circles.ts";
import type { Refusal, SchemaChangePlan, SchemaStatement } from "./schema-change.ts";
import { openWorld, type World } from "./world.ts";
import { nodeId, writeNodes, type Node, type Nodes } from "./write-nodes.ts";

/** What turns the first catalog into the second, in an order that a server accepts. Pure; the same for the same catalogs. */
export function planSchemaChange(given: Comparison): SchemaChangePlan {
  const anew = new Set<FactKey>();
  for (;;) {
    const attempt = orderChange(given, anew);
    const more = attempt.circles.map((circle) => chooseAnew(circle, attempt.world, anew));
    const chosen = more.filter((key) => key !== undefined);
    if (chosen.length === 0) return writePlan(given, attempt);
    for (const key of chosen) anew.add(key);
  }
}

interface Comparison {
  readonly from: Catalog;
  readonly to: Catalog;
  readonly changes: readonly Change[];
}

interface Attempt {
  readonly world: World;
  readonly nodes: Nodes;
  readonly refusals: readonly Refusal[];
  readonly ordered: readonly Node[];
  readonly circles: readonly (readonly Node[])[];
}

function orderChange({ from, to, changes }: Comparison, anew: ReadonlySet<FactKey>): Attempt {
  const world = openWorld(from, to);
  const decisions = decideIntents(world, changes, anew);
  const nodes = writeNodes(world, decisions);
  const grants = planGrants(world, changes);
  const grantNodes = grants.map(({ object, drafts }): Node => ({
    id: nodeId("grant", object.key),
    place: "grant",
    rank: 300,
    subject: object.key,
    drafts,
  }));
  const targets = planTargetGrants(world, changes);
  const targetNodes = targets.map(({ subject, drafts }): Node => ({
    id: nodeId("grant", subject),
    place: "grant",
    rank: 300,
    subject,
    drafts,
  }));
  const targetEdges = targets.flatMap((target) => linkTarget(target, nodes));
  const grantEdges = grants.flatMap(({ object }) => linkGrants(object.key, object.parent, nodes));
  const { ordered, circles } = orderSteps(
    [...nodes.list.filter((node) => !isLast(node)), ...grantNodes, ...targetNodes],
    [...linkNodes(world, nodes), ...linkOverloads(world, nodes), ...grantEdges, ...targetEdges],
  );
  const last = nodes.list.filter(isLast);
  return { world, nodes, refusals: decisions.refusals, ordered: [...ordered, ...last], circles };
}

/** New default privileges are for what comes after this change. */
function isLast({ place, subject }: Node): boolean {
  return place === "make" && subject.startsWith("default_privilege ");
}

function writePlan({ changes }: Comparison, attempt: Attempt): SchemaChangePlan {
  const { world, nodes, ordered, refusals, circles } = attempt;
  return {
    statements: writeStatements({ ordered, world, nodes, changes }),
    refusals: [...refusals, ...refuseCircles(circles, changes)],
    renames: findRenames(world, changes),
  };
}

function linkGrants(object: FactKey, parent: FactKey | undefined, nodes: Nodes): readonly Edge[] {
  const after = nodeId("grant", object);
  const before = [
    nodes.makeOf(object),
    nodes.at("late", object)?.id,
    parent === undefined ? undefined : nodeId("grant", parent),
  ];
  return before
    .filter((id) => id !== undefined)
    .map((id): Edge => ({ before: id, after, strength: "certain" }));
}

function linkTarget({ subject, parent, isBeforeParent }: TargetGrants, nodes: Nodes): readonly Edge[] {
  const made = parent === undefined ? undefined : nodes.makeOf(parent);
  if (made === undefined) return [];
  const grant = nodeId("grant", subject);
  const [before, after] = isBeforeParent ? [grant, made] : [made, grant];
  return [{ before, after, strength: "certain" }];
}

/** Names are written in full, so that no search path may lend them another meaning; bodies may name what comes later. */
const preamble = ["set check_function_bodies = off", "set search_path = ''"];
const closing = ["reset search_path", "reset check_function_bodies"];

function writeStatements(given: {
  readonly ordered: readonly Node[];
  readonly world: World;
  readonly nodes: Nodes;
  readonly changes: readonly Change[];
}): readonly SchemaStatement[] {
  const { ordered, world } = given;
  const closes = findClosing(given);
  const uncommitted = new Set<FactKey>();
  const statements = ordered.flatMap(({ id, subject, drafts }) => {
    const uses = uncommitted.size > 0 && usesAny(subject, uncommitted, world);
    if (uses) uncommitted.clear();
    if (drafts.some((draft) => draft.commitsBeforeUse === true)) uncommitted.add(subject);
    return drafts.map((draft, index): SchemaStatement => ({
      sql: draft.sql,
      subject,
      closes: index === drafts.length - 1 ? (closes.get(id) ?? []) : [],
      hazards: draft.hazards ?? [],
      startsNewTransaction: uses && index === 0,
    }));
  });
  if (statements.length === 0) return [];
  return [...preamble.map(sessionStatement), ...statements, ...closing.map(sessionStatement)];
}

/** Each change with the last node of its object. */
function findClosing(given: {
  readonly ordered: readonly Node[];
  readonly nodes: Nodes;
  readonly changes: readonly Change[];
}): ReadonlyMap<string, readonly Change[]> {
  const present = new Set(given.ordered.map((node) => node.id));
  const byNode = new Map<string, Change[]>();
  for (const change of given.changes) {
    const fact = change.kind === "altered" ? change.to : change.fact;
    const on = fact.kind === "grant" ? fact.id.on : undefined;
    const holder = fact.attributes["target"] === undefined ? on : fact.parent;
    const id =
      on === undefined
        ? (given.nodes.at("late", change.key)?.id ??
          given.nodes.makeOf(change.key) ??
          given.nodes.dropOf(change.key))
        : ([nodeId("grant", fact.key), nodeId("grant", on)].find((grant) => present.has(grant)) ??
          (holder && (given.nodes.dropOf(holder) ?? given.nodes.makeOf(holder))));
    if (id !== undefined) byNode.set(id, [...(byNode.get(id) ?? []), change]);
  }
  return byNode;
}

/** True where the object or a part of it depends on one of these. */
function usesAny(subject: FactKey, keys: ReadonlySet<FactKey>, world: World): boolean {
  if (keys.has(subject)) return false;
  const facts = [world.to.facts.get(subject), world.from.facts.get(subject), ...world.to.children(subject)];
  const parts = [...facts, ...world.to.children(subject).flatMap((child) => world.to.children(child.key))];
  return parts.some((fact) => fact?.dependsOn.some((key) => keys.has(key)) === true);
}

function sessionStatement(sql: string): SchemaStatement {
  return { sql, subject: undefined, closes: [], hazards: [], startsNewTransaction: false };
}
