import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { literal, nameOf, referTo } from "../names.ts";
import { replaceAlways, type Rule } from "../rule.ts";
import { isSet, textOf } from "../world.ts";

const drop: Rule["drop"] = (fact) => [{ sql: `drop ${referTo(fact)}` }];
const onlyOwner = alterByAttribute(ownership);
const decideOwnerOrReplace: Rule["decide"] = ({ changed }) =>
  [...changed.keys()].every((name) => name.startsWith("owner")) ? { kind: "alter" } : { kind: "replace" };

/** Casts between types. */
export const cast: Rule = {
  ...replaceAlways,
  rank: 58,
  create: (fact) => {
    const by = textOf(fact, "function");
    const bare = textOf(fact, "method") === "inout" ? "with inout" : "without function";
    const method = by === undefined ? bare : `with function ${by}`;
    const context = textOf(fact, "context");
    return [{ sql: `create ${referTo(fact)} ${method}${context === undefined ? "" : ` as ${context}`}` }];
  },
  drop,
};

/** Collations. */
export const collation: Rule = {
  rank: 8,
  create: (fact, world) => {
    const texts = ["provider", "locale", "collate", "ctype", "rules"] as const;
    const words: Readonly<Record<string, string>> = { collate: "lc_collate", ctype: "lc_ctype" };
    const parts = texts.flatMap((name) => {
      const value = textOf(fact, name);
      if (value === undefined) return [];
      return [`${words[name] ?? name} = ${name === "provider" ? value : literal(value)}`];
    });
    const deterministic = isSet(fact, "nondeterministic") ? ["deterministic = false"] : [];
    return [
      { sql: `create collation ${nameOf(fact.id)} (${[...parts, ...deterministic].join(", ")})` },
      ...ownerOf(fact, world),
    ];
  },
  drop,
  decide: decideOwnerOrReplace,
  alter: onlyOwner.alter,
  react: () => "replace",
};

/** Conversions between encodings. */
export const encodingConversion: Rule = {
  rank: 58,
  create: (fact, world) => [
    {
      sql: `create ${isSet(fact, "isDefault") ? "default " : ""}conversion ${nameOf(fact.id)} for ${literal(textOf(fact, "source") ?? "")} to ${literal(textOf(fact, "target") ?? "")} from ${textOf(fact, "function")}`,
    },
    ...ownerOf(fact, world),
  ],
  drop,
  decide: decideOwnerOrReplace,
  alter: onlyOwner.alter,
  react: () => "replace",
};

/** Transforms between a type and a language. */
export const transform: Rule = {
  ...replaceAlways,
  rank: 58,
  create: (fact) => {
    const from = textOf(fact, "fromSql");
    const to = textOf(fact, "toSql");
    const parts = [
      ...(from === undefined ? [] : [`from sql with function ${from}`]),
      ...(to === undefined ? [] : [`to sql with function ${to}`]),
    ];
    const head = `for ${textOf(fact, "type")} language ${textOf(fact, "language")}`;
    return [{ sql: `create transform ${head} (${parts.join(", ")})` }];
  },
  drop: (fact) => [
    { sql: `drop transform for ${textOf(fact, "type")} language ${textOf(fact, "language")}` },
  ],
};
