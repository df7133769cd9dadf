import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownership } from "../attribute-rules.ts";
import { ownerNameOf, referTo } from "../names.ts";
import type { Draft, Rule } from "../rule.ts";
import { isGoing, keyOf, textOf, type World } from "../world.ts";
import { staysAttached } from "./attachment.ts";

/** Triggers. A partition's copy comes and goes with the partitioned table's. */
export const trigger: Rule = {
  rank: 85,
  madeWith: (fact, world) => (differsFromAbove(fact, world) ? undefined : keyOf(fact, "attachedTo")),
  droppedWith: (fact, world) => {
    const above = keyOf(fact, "attachedTo");
    if (above === undefined || isGoing(world, above)) return above;
    // A partition that is detached loses the triggers that it had as one.
    return fact.parent === undefined || staysAttached(fact.parent, world) ? undefined : fact.parent;
  },
  create: (fact) => {
    const above = keyOf(fact, "attachedTo");
    if (above === undefined) return [{ sql: fact.statement ?? "" }, ...enable(fact)];
    return [{ ...setEnabled(fact, " only"), place: "late", after: [above] }];
  },
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({
    ...ownership,
    definition: "replace",
    constraint: "replace",
    attachedTo: "replace",
    enabled: (_change, { to }) => [setEnabled(to, " only")],
  }),
  react: () => "replace",
};

/** Rewrite rules. */
export const rule: Rule = {
  rank: 84,
  create: (fact) => [
    { sql: fact.statement ?? "" },
    ...(textOf(fact, "enabled") === undefined ? [] : [setEnabled(fact)]),
  ],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({ definition: "replace", enabled: (_change, { to }) => [setEnabled(to)] }),
  react: () => "replace",
};

/** Event triggers come last, so that they do not fire for the change itself. */
export const eventTrigger: Rule = {
  rank: 95,
  create: (fact) => {
    const tags = fact.attributes["tags"];
    const filter = Array.isArray(tags)
      ? `\n  when tag in (${tags.map((tag) => `'${String(tag)}'`).join(", ")})`
      : "";
    const name = quoteIdentifier(fact.id.name);
    const enabled = textOf(fact, "enabled");
    return [
      {
        sql: `create event trigger ${name} on ${textOf(fact, "event")}${filter}\n  execute function ${textOf(fact, "function")}()`,
      },
      ...(enabled === undefined ? [] : [{ sql: `alter event trigger ${name} ${enableWords(enabled)}` }]),
    ];
  },
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({
    event: "replace",
    function: "replace",
    tags: "replace",
    enabled: (change, { to }) => [
      { sql: `alter event trigger ${quoteIdentifier(to.id.name)} ${enableWords(change.after)}` },
    ],
    owner: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} owner to ${quoteIdentifier(String(change.after))}`,
        hazards: ["AUTHZ_UPDATE"],
      },
    ],
    ownerLacks: "with_object",
  }),
  react: () => "replace",
};

/** A partition's copy can be enabled or disabled for itself. */
function differsFromAbove(fact: Fact, world: World): boolean {
  const above = keyOf(fact, "attachedTo");
  return above !== undefined && textOf(world.to.facts.get(above), "enabled") !== textOf(fact, "enabled");
}

function enable(fact: Fact): readonly Draft[] {
  return textOf(fact, "enabled") === undefined ? [] : [setEnabled(fact)];
}

function setEnabled(fact: Fact, only = ""): Draft {
  const words = enableWords(fact.attributes["enabled"]);
  return {
    sql: `alter table${only} ${ownerNameOf(fact.id)} ${words.replace(/(enable|disable)( replica| always)?/, `$1$2 ${fact.kind}`)} ${quoteIdentifier(fact.id.name)}`,
  };
}

function enableWords(state: unknown): string {
  if (state === "disabled") return "disable";
  return state === undefined ? "enable" : `enable ${String(state)}`;
}
