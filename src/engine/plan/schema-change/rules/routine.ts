import type { Fact } from "../../../model/catalog.ts";
import { alterByAttribute, ownerOf, ownership, type AttributeRule } from "../attribute-rules.ts";
import { literal, nameOf, referTo } from "../names.ts";
import type { SchemaHazard } from "../schema-change.ts";
import type { Draft, Rule } from "../rule.ts";
import { isSet, textOf } from "../world.ts";

const redefine: AttributeRule = (change, alteration) => {
  const [first] = [...alteration.changed].filter(([name]) => !name.startsWith("owner"));
  return first?.[1] === change ? [define(alteration.to)] : [];
};

const attributes = alterByAttribute({
  ...ownership,
  arguments: redefine,
  returns: "replace",
  language: redefine,
  body: redefine,
  sqlBody: redefine,
  library: redefine,
  window: "replace",
  volatility: redefine,
  securityDefiner: redefine,
  strict: redefine,
  leakproof: redefine,
  parallel: redefine,
  cost: redefine,
  rows: redefine,
  support: redefine,
  transforms: redefine,
  "setting.*": redefine,
});

/** Functions and procedures, by the server's own definition; replaced in place where names of arguments and the result stay. */
export const routine: Rule = {
  rank: 50,
  create: (fact, world) => [define(fact), ...ownerOf(fact, world)],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}`, hazards: hasUntrackedUsers(fact) }],
  decide: (alteration) => {
    const decided = attributes.decide(alteration);
    if (decided.kind !== "alter" || !alteration.changed.has("arguments")) return decided;
    const { before, after } = alteration.changed.get("arguments") ?? {};
    return canReplaceArguments(String(before ?? ""), String(after ?? "")) ? decided : { kind: "replace" };
  },
  alter: attributes.alter,
  react: (fact, { how }) => {
    if (how !== "retyped") return "replace";
    return fact.attributes["sqlBody"] === undefined ? "keep" : "replace";
  },
};

/** Aggregates, from their parts. */
export const aggregate: Rule = {
  rank: 55,
  create: (fact, world) => [{ sql: defineAggregate(fact) }, ...ownerOf(fact, world)],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  decide: ({ changed }) =>
    [...changed.keys()].every((name) => name.startsWith("owner")) ? { kind: "alter" } : { kind: "replace" },
  alter: alterByAttribute(ownership).alter,
  react: () => "replace",
};

function define(fact: Fact): Draft {
  return {
    sql: (fact.statement ?? "").trimEnd(),
    hazards: isSet(fact, "securityDefiner") ? ["AUTHZ_UPDATE"] : hasUntrackedUsers(fact),
  };
}

/** What a body in a string calls is known to no catalog. */
function hasUntrackedUsers(fact: Fact): readonly SchemaHazard[] {
  return textOf(fact, "body") === undefined ? [] : ["HAS_UNTRACKABLE_DEPENDENCIES"];
}

/** In place, an argument keeps its name and a default may be changed or added, not taken away. */
function canReplaceArguments(before: string, after: string): boolean {
  const [old, now] = [splitArguments(before), splitArguments(after)];
  return (
    old.length === now.length &&
    old.every((argument, index) => {
      const other = now[index];
      if (other === undefined) return false;
      return (
        (argument.head === other.head || argument.isUnnamed) && (!argument.hasDefault || other.hasDefault)
      );
    })
  );
}

interface Argument {
  readonly head: string;
  readonly isUnnamed: boolean;
  readonly hasDefault: boolean;
}

/** Splits at commas outside brackets and quotes. */
function splitArguments(text: string): readonly Argument[] {
  const parts =
    text.match(/(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|[^,"'([])+/g) ?? [];
  return parts.map((part) => {
    const [head = "", ...rest] = part.trim().split(" DEFAULT ");
    return { head, isUnnamed: !head.includes(" "), hasDefault: rest.length > 0 };
  });
}

function aggregateArguments(fact: Fact): string {
  const given = textOf(fact, "arguments") ?? "";
  return given === "" ? "*" : given;
}

function defineAggregate(fact: Fact): string {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["sfunc", textOf(fact, "stateFunction")],
    ["stype", textOf(fact, "stateType")],
    ["sspace", textOf(fact, "stateSpace")],
    ["finalfunc", textOf(fact, "finalFunction")],
    ["finalfunc_extra", flag(fact, "finalExtra")],
    ["finalfunc_modify", textOf(fact, "finalModify")],
    ["combinefunc", textOf(fact, "combineFunction")],
    ["serialfunc", textOf(fact, "serializeFunction")],
    ["deserialfunc", textOf(fact, "deserializeFunction")],
    ["initcond", quoted(fact, "initial")],
    ["msfunc", textOf(fact, "movingStateFunction")],
    ["minvfunc", textOf(fact, "movingInverseFunction")],
    ["mstype", textOf(fact, "movingStateType")],
    ["msspace", textOf(fact, "movingStateSpace")],
    ["mfinalfunc", textOf(fact, "movingFinalFunction")],
    ["mfinalfunc_extra", flag(fact, "movingFinalExtra")],
    ["mfinalfunc_modify", textOf(fact, "movingFinalModify")],
    ["minitcond", quoted(fact, "movingInitial")],
    ["sortop", textOf(fact, "sortOperator")],
    ["parallel", textOf(fact, "parallel")],
    ["hypothetical", textOf(fact, "aggregateKind") === "hypothetical" ? "" : undefined],
  ];
  const written = parts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === "" ? name : `${name} = ${value}`));
  return `create aggregate ${nameOf(fact.id)}(${aggregateArguments(fact)}) (\n  ${written.join(",\n  ")}\n)`;
}

function flag(fact: Fact, attribute: string): string | undefined {
  return isSet(fact, attribute) ? "" : undefined;
}

function quoted(fact: Fact, attribute: string): string | undefined {
  const value = textOf(fact, attribute);
  return value === undefined ? undefined : literal(value);
}
