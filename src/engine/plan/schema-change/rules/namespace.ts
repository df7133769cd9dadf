import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownership, type AttributeTable } from "../attribute-rules.ts";
import { literal } from "../names.ts";
import type { Alteration, Rule } from "../rule.ts";
import { textOf } from "../world.ts";

/** Schemas. */
export const schema: Rule = {
  rank: 0,
  create: (fact, world) => {
    const owner = textOf(fact, "owner");
    const authorization =
      owner === undefined || owner === world.currentRole ? "" : ` authorization ${quoteIdentifier(owner)}`;
    return [{ sql: `create schema ${quoteIdentifier(fact.id.name)}${authorization}` }];
  },
  drop: (fact) => [{ sql: `drop schema ${quoteIdentifier(fact.id.name)}` }],
  ...alterByAttribute(ownership),
  react: () => "keep",
};

/** Extensions: what is in them comes and goes with them. */
export const extension: Rule = {
  rank: 5,
  create: (fact) => {
    const schemaName = textOf(fact, "schema");
    const isOwn = fact.attributes["schemaIsOwn"] === true;
    const where = schemaName === undefined || isOwn ? "" : ` schema ${quoteIdentifier(schemaName)}`;
    const version = textOf(fact, "version");
    const which = version === undefined ? "" : ` version ${literal(version)}`;
    return [{ sql: `create extension ${quoteIdentifier(fact.id.name)}${where}${which}` }];
  },
  drop: (fact) => [{ sql: `drop extension ${quoteIdentifier(fact.id.name)}`, hazards: ["DELETES_DATA"] }],
  ...alterExtension({
    ...ownership,
    schema: (change, { to }) => [
      {
        sql: `alter extension ${quoteIdentifier(to.id.name)} set schema ${quoteIdentifier(String(change.after))}`,
      },
    ],
    schemaIsOwn: "with_object",
    version: (change, { to }) => [
      { sql: `alter extension ${quoteIdentifier(to.id.name)} update to ${literal(String(change.after))}` },
    ],
  }),
  react: () => "keep",
};

/** Extensions have update scripts toward newer versions only, and not all of them can be moved. */
function alterExtension(table: AttributeTable): Pick<Rule, "decide" | "alter"> {
  const attributes = alterByAttribute(table);
  return {
    ...attributes,
    decide: (alteration) => {
      const version = alteration.changed.get("version");
      const isOlder =
        typeof version?.before === "string" &&
        typeof version.after === "string" &&
        version.before.localeCompare(version.after, "en", { numeric: true }) > 0;
      const isBound = alteration.changed.has("schema") && holdsSchemas(alteration);
      return isOlder || isBound ? { kind: "replace" } : attributes.decide(alteration);
    },
  };
}

/** What an extension has in a schema of its own cannot be moved, so that PostgreSQL refuses to move the extension. */
function holdsSchemas({ from, to }: Alteration): boolean {
  return [from, to].some(({ attributes }) => attributes["ownSchemas"] !== undefined);
}
