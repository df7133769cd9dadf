import { factKey, type Fact, type FactKey, type Grantee } from "../../../model/catalog.ts";
import { quoteIdentifier } from "../../../sql/quote.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { literal, nameOf, ofDatabase, referTo } from "../names.ts";
import { replaceAlways, type Draft, type Rule } from "../rule.ts";
import { isGoing, isSet, textOf } from "../world.ts";
import { isRedacted } from "./foreign-options.ts";

/** Default privileges; the plan puts new ones last, so that no object made by the change gets them. */
export const defaultPrivilege: Rule = {
  rank: 190,
  create: (fact) => [changeDefault(fact, isSet(fact, "revoked") ? "revoke" : "grant")],
  drop: (fact) => [changeDefault(fact, isSet(fact, "revoked") ? "grant" : "revoke")],
  droppedWith: (fact, world) => {
    const schema = fact.id.schema === undefined ? undefined : schemaKey(fact.id.schema);
    return schema !== undefined && isGoing(world, schema) ? schema : undefined;
  },
  decide: () => ({ kind: "alter" }),
  alter: ({ from, to }) => [
    ...(isSet(from, "grantable") && !isSet(to, "grantable") ? [changeDefault(to, "revoke")] : []),
    changeDefault(to, isSet(to, "revoked") ? "revoke" : "grant"),
  ],
  react: () => "keep",
};

/** Settings of the database, for everyone or for one role. */
export const setting: Rule = {
  rank: 94,
  create: setValue,
  drop: (fact) => [changeSetting(fact, "", "reset")],
  decide: () => ({ kind: "alter" }),
  alter: ({ to }) => setValue(to),
  react: () => "keep",
};

/** Languages that no extension brought. */
export const language: Rule = {
  rank: 20,
  create: (fact, world) => {
    const parts = (["handler", "inline", "validator"] as const).flatMap((name) => {
      const value = textOf(fact, name);
      return value === undefined ? [] : [` ${name} ${value}`];
    });
    const trusted = isSet(fact, "trusted") ? "trusted " : "";
    return [{ sql: `create ${trusted}${referTo(fact)}${parts.join("")}` }, ...ownerOf(fact, world)];
  },
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({
    ...ownership,
    trusted: "replace",
    handler: "replace",
    inline: "replace",
    validator: "replace",
  }),
  react: () => "replace",
};

/** Access methods that no extension brought. */
export const accessMethod: Rule = {
  ...replaceAlways,
  rank: 21,
  create: (fact) => [
    { sql: `create ${referTo(fact)} type ${textOf(fact, "type")} handler ${textOf(fact, "handler")}` },
  ],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
};

/** Extended statistics. */
export const statistics: Rule = {
  rank: 76,
  create: (fact, world) => [
    { sql: fact.statement ?? "" },
    ...statisticsTarget(fact),
    ...ownerOf(fact, world),
  ],
  drop: (fact) => [{ sql: `drop ${referTo(fact)}` }],
  ...alterByAttribute({
    ...ownership,
    definition: "replace",
    target: (change, { to }) => [
      { sql: `alter ${referTo(to)} set statistics ${String(change.after ?? -1)}` },
    ],
  }),
  // The server makes them anew with a column's type, and forgets their target.
  react: (fact, { how }) => (how === "retyped" && textOf(fact, "target") === undefined ? "keep" : "replace"),
};

function schemaKey(name: string): FactKey {
  return factKey({ kind: "schema", name });
}

function statisticsTarget(fact: Fact): readonly Draft[] {
  const target = textOf(fact, "target");
  return target === undefined
    ? []
    : [{ sql: `alter statistics ${nameOf(fact.id)} set statistics ${target}` }];
}

function changeDefault(fact: Fact, word: "grant" | "revoke"): Draft {
  const { schema, name, grantee } = fact.id;
  const where = schema === undefined ? "" : ` in schema ${quoteIdentifier(schema)}`;
  const role = quoteIdentifier(textOf(fact, "role") ?? "");
  const toward = word === "grant" ? "to" : "from";
  const option = word === "grant" && isSet(fact, "grantable") ? " with grant option" : "";
  return {
    sql: `alter default privileges for role ${role}${where} ${word} ${name.toLowerCase()} on ${textOf(fact, "objectType")} ${toward} ${describe(grantee)}${option}`,
    hazards: ["AUTHZ_UPDATE"],
  };
}

function describe(grantee: Grantee | undefined): string {
  return grantee?.kind === "role" ? quoteIdentifier(grantee.name) : "public";
}

function setValue(fact: Fact): readonly Draft[] {
  if (isRedacted(fact.attributes["value"])) return [];
  return [changeSetting(fact, ` to ${settingValue(fact)}`, "set")];
}

function changeSetting(fact: Fact, value: string, word: "set" | "reset"): Draft {
  const { grantee, name } = fact.id;
  const role = grantee?.kind === "role" ? `role ${quoteIdentifier(grantee.name)} in ` : "";
  return {
    sql: ofDatabase(`alter ${role}database `, ` ${word} ${quoteSetting(name)}${value}`),
    hazards: ["CORRECTNESS"],
  };
}

/** Settings whose stored value is a list of names already quoted (GUC_LIST_QUOTE, guc_tables.c). */
const lists: ReadonlySet<string> = new Set([
  "search_path",
  "temp_tablespaces",
  "local_preload_libraries",
  "session_preload_libraries",
  "shared_preload_libraries",
  "unix_socket_directories",
]);

function settingValue(fact: Fact): string {
  const value = textOf(fact, "value") ?? "";
  return lists.has(fact.id.name) && value !== "" ? value : literal(value);
}

function quoteSetting(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}
