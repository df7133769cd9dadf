import { quoteIdentifier } from "../../../sql/quote.ts";
import type { Fact } from "../../../model/catalog.ts";
import { alterByAttribute, ownerOf, ownership } from "../attribute-rules.ts";
import { nameOf, operatorName, referTo } from "../names.ts";
import type { Draft, Rule } from "../rule.ts";
import { isSet, listOf, textOf, type World } from "../world.ts";

const drop: Rule["drop"] = (fact) => [{ sql: `drop ${referTo(fact)}` }];
const onlyOwner = alterByAttribute(ownership);
const decideOwnerOrReplace: Rule["decide"] = ({ changed }) =>
  [...changed.keys()].every((name) => name.startsWith("owner")) ? { kind: "alter" } : { kind: "replace" };

/** Operators. */
export const operator: Rule = {
  rank: 56,
  create: (fact, world) => {
    const parts: readonly (readonly [string, string | undefined])[] = [
      ["function", textOf(fact, "function")],
      ["leftarg", textOf(fact, "left")],
      ["rightarg", textOf(fact, "right")],
      ["commutator", qualifyOperator(textOf(fact, "commutator"))],
      ["negator", qualifyOperator(textOf(fact, "negator"))],
      ["restrict", textOf(fact, "restrict")],
      ["join", textOf(fact, "join")],
    ];
    const flags = ["merges", "hashes"].filter((flag) => isSet(fact, flag));
    const written = parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word} = ${value}`]));
    return [
      { sql: `create operator ${operatorName(fact.id)} (${[...written, ...flags].join(", ")})` },
      ...ownerOf(fact, world),
    ];
  },
  drop: (fact, world) => [...drop(fact, world), ...dropShells(fact, world)],
  decide: decideOwnerOrReplace,
  alter: onlyOwner.alter,
  react: () => "replace",
};

/** A commutator or negator that was named and never made is a name in the catalog, which holds on to the types. */
function dropShells(fact: Fact, world: World): readonly Draft[] {
  const [left, right] = [textOf(fact, "left") ?? "none", textOf(fact, "right") ?? "none"];
  const partners = [
    { name: textOf(fact, "commutator"), operands: `${right}, ${left}` },
    { name: textOf(fact, "negator"), operands: `${left}, ${right}` },
  ];
  return partners.flatMap(({ name, operands }) => {
    if (name === undefined || isMade(name, operands, world)) return [];
    return [{ sql: `drop operator ${name} (${operands})` }];
  });
}

function isMade(name: string, operands: string, world: World): boolean {
  const bare = (text: string): string => text.replaceAll('"', "").toLowerCase();
  return [...world.from.facts.values()].some(
    ({ kind, id }) =>
      kind === "operator" &&
      bare(name) === bare(`${id.schema}.${id.name}`) &&
      bare(id.signature ?? "") === bare(operands),
  );
}

/** Operator families, with the members that belong to no class. */
export const operatorFamily: Rule = {
  rank: 57,
  create: (fact, world) => [
    { sql: `create ${referTo(fact)}` },
    ...addMembers(fact, listOf(fact, "members")),
    ...ownerOf(fact, world),
  ],
  drop,
  ...alterByAttribute({
    ...ownership,
    members: (_change, { from, to }) => {
      const [before, after] = [listOf(from, "members"), listOf(to, "members")];
      const gone = before.filter((member) => !after.includes(member)).map(shorten);
      return [
        ...(gone.length === 0 ? [] : [{ sql: `alter ${referTo(to)} drop ${gone.join(", ")}` }]),
        ...addMembers(
          to,
          after.filter((member) => !before.includes(member)),
        ),
      ];
    },
  }),
  react: () => "replace",
};

/** Operator classes. */
export const operatorClass: Rule = {
  rank: 58,
  create: (fact, world) => {
    const storage = textOf(fact, "storage");
    const members = [...listOf(fact, "members"), ...(storage === undefined ? [] : [`storage ${storage}`])];
    const head = [
      `create operator class ${nameOf(fact.id)}`,
      isSet(fact, "isDefault") ? " default" : "",
      ` for type ${textOf(fact, "input")} using ${quoteIdentifier(fact.id.signature ?? "")}`,
      ` family ${textOf(fact, "family")} as`,
    ].join("");
    const body = members.length === 0 ? `storage ${textOf(fact, "input")}` : members.join(",\n  ");
    return [{ sql: `${head}\n  ${body}` }, ...ownerOf(fact, world)];
  },
  drop,
  decide: decideOwnerOrReplace,
  alter: onlyOwner.alter,
  react: () => "replace",
};

/** Behind an equals sign, a schema-qualified operator needs the keyword. */
function qualifyOperator(name: string | undefined): string | undefined {
  return name === undefined || name.startsWith("operator(") ? name : `operator(${name})`;
}

function addMembers(fact: Fact, members: readonly string[]): ReturnType<Rule["create"]> {
  return members.length === 0 ? [] : [{ sql: `alter ${referTo(fact)} add ${members.join(", ")}` }];
}

/** A member as DROP names it: by number and types. */
function shorten(member: string): string {
  const found = /^(operator|function) (\d+) .*?\(([^()]*)\)/.exec(member);
  return found === null ? member : `${found[1]} ${found[2]} (${found[3]})`;
}
