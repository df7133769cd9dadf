import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { referTo } from "../names.ts";
import { replaceAlways, type Draft, type Rule } from "../rule.ts";
import { listOf, textOf } from "../world.ts";

const drop: Rule["drop"] = (fact) => [{ sql: `drop ${referTo(fact)}` }];
const mappingPrefix = "mapping.";

/** Text search configurations with their mappings. */
export const textSearchConfiguration: Rule = {
  rank: 38,
  create: (fact, world) => [
    { sql: `create ${referTo(fact)} (parser = ${textOf(fact, "parser")})` },
    ...Object.keys(fact.attributes)
      .filter((name) => name.startsWith(mappingPrefix))
      .map((name) => mapTokens(fact, name, "add")),
    ...ownerOf(fact, world),
  ],
  drop,
  ...alterByAttribute({
    ...ownership,
    parser: "replace",
    "mapping.*": (change, { to, changed }) => {
      const [name] = [...changed].find(([, candidate]) => candidate === change) ?? [""];
      if (change.after !== undefined)
        return [mapTokens(to, name, change.before === undefined ? "add" : "alter")];
      return [
        { sql: `alter ${referTo(to)} drop mapping for ${quoteIdentifier(name.slice(mappingPrefix.length))}` },
      ];
    },
  }),
  react: () => "replace",
};

/** Text search dictionaries. */
export const textSearchDictionary: Rule = {
  rank: 37,
  create: (fact, world) => {
    const options = textOf(fact, "options");
    const list = [`template = ${textOf(fact, "template")}`, ...(options === undefined ? [] : [options])];
    return [{ sql: `create ${referTo(fact)} (${list.join(", ")})` }, ...ownerOf(fact, world)];
  },
  drop,
  ...alterByAttribute({
    ...ownership,
    template: "replace",
    options: (change, { to }) =>
      typeof change.after === "string" ? [{ sql: `alter ${referTo(to)} (${change.after})` }] : [],
  }),
  decide: ({ changed }) =>
    changed.has("template") || (changed.has("options") && !keepsOptions(changed.get("options")))
      ? { kind: "replace" }
      : { kind: "alter" },
  react: () => "replace",
};

/** Text search parsers. */
export const textSearchParser: Rule = {
  ...replaceAlways,
  rank: 36,
  create: (fact) => [
    define(
      fact,
      ["start", "start"],
      ["gettoken", "token"],
      ["end", "end"],
      ["headline", "headline"],
      ["lextypes", "lextypes"],
    ),
  ],
  drop,
};

/** Text search templates. */
export const textSearchTemplate: Rule = {
  ...replaceAlways,
  rank: 36,
  create: (fact) => [define(fact, ["init", "init"], ["lexize", "lexize"])],
  drop,
};

function mapTokens(fact: Fact, name: string, word: "add" | "alter"): Draft {
  const token = quoteIdentifier(name.slice(mappingPrefix.length));
  return { sql: `alter ${referTo(fact)} ${word} mapping for ${token} with ${listOf(fact, name).join(", ")}` };
}

/** ALTER sets options and leaves those it does not name. */
function keepsOptions(change: { readonly before: unknown; readonly after: unknown } | undefined): boolean {
  const names = (text: unknown): readonly string[] =>
    typeof text === "string"
      ? [...text.matchAll(/(?:^|, )("?\w+"?) = /g)].map((match) => match[1] ?? "")
      : [];
  const after = new Set(names(change?.after));
  return names(change?.before).every((name) => after.has(name));
}

function define(fact: Fact, ...parts: readonly (readonly [word: string, attribute: string])[]): Draft {
  const written = parts.flatMap(([word, attribute]) => {
    const value = textOf(fact, attribute);
    return value === undefined ? [] : [`${word} = ${value}`];
  });
  return { sql: `create ${referTo(fact)} (${written.join(", ")})` };
}
