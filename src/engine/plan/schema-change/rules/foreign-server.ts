import type { Fact } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { literal, nameOf, referTo } from "../names.ts";
import type { Rule } from "../rule.ts";
import { textOf } from "../world.ts";
import { foreignOptionRule, foreignOptions } from "./foreign-options.ts";

const drop: Rule["drop"] = (fact) => [{ sql: `drop ${referTo(fact)}` }];

/** Foreign-data wrappers. */
export const foreignDataWrapper: Rule = {
  rank: 60,
  create: (fact, world) => {
    const handler = textOf(fact, "handler");
    const validator = textOf(fact, "validator");
    const parts = [
      ...(handler === undefined ? [] : [` handler ${handler}`]),
      ...(validator === undefined ? [] : [` validator ${validator}`]),
    ].join("");
    return [{ sql: `create ${referTo(fact)}${parts}${foreignOptions(fact)}` }, ...ownerOf(fact, world)];
  },
  drop,
  ...alterByAttribute({
    ...ownership,
    handler: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} ${change.after === undefined ? "no handler" : `handler ${String(change.after)}`}`,
      },
    ],
    validator: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} ${change.after === undefined ? "no validator" : `validator ${String(change.after)}`}`,
      },
    ],
    "fdwOption.*": foreignOptionRule,
  }),
  react: () => "replace",
};

/** Foreign servers. */
export const server: Rule = {
  rank: 61,
  create: (fact, world) => {
    const type = textOf(fact, "type");
    const version = textOf(fact, "version");
    const sql = [
      `create server ${nameOf(fact.id)}`,
      type === undefined ? "" : ` type ${literal(type)}`,
      version === undefined ? "" : ` version ${literal(version)}`,
      ` foreign data wrapper ${quoteIdentifier(textOf(fact, "wrapper") ?? "")}${foreignOptions(fact)}`,
    ].join("");
    return [{ sql }, ...ownerOf(fact, world)];
  },
  drop,
  ...alterByAttribute({
    ...ownership,
    wrapper: "replace",
    type: "replace",
    version: (change, { to }) => [
      {
        sql: `alter ${referTo(to)} version ${change.after === undefined ? "null" : literal(String(change.after))}`,
      },
    ],
    "fdwOption.*": foreignOptionRule,
  }),
  react: () => "replace",
};

/** User mappings. */
export const userMapping: Rule = {
  rank: 62,
  create: (fact) => [{ sql: `create ${refer(fact)}${foreignOptions(fact)}` }],
  drop: (fact) => [{ sql: `drop ${refer(fact)}` }],
  decide: (alteration) => options.decide(alteration),
  alter: (alteration, world) =>
    options.alter(alteration, world).map(({ sql, ...rest }) => ({
      ...rest,
      sql: sql.replace(`alter ${referTo(alteration.to)}`, `alter ${refer(alteration.to)}`),
    })),
  react: () => "replace",
};

const options = alterByAttribute({ "fdwOption.*": foreignOptionRule });

function refer({ id }: Fact): string {
  const user = id.grantee?.kind === "role" ? quoteIdentifier(id.grantee.name) : "public";
  return `user mapping for ${user} server ${quoteIdentifier(id.name)}`;
}
