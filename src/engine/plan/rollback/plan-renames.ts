import type { NamedThing, Things } from "../../model/things.ts";
import { quoteIdentifier } from "../../sql/quote.ts";

/** Statements that give everything that got another name or schema between two moments its old one back. Pure. */
export function planRenames(before: Things, after: Things): readonly string[] {
  const moved = [...after.values()].flatMap((now) => {
    const old = before.get(now.id);
    return old === undefined ? [] : [{ now, old }];
  });
  const schemas = moved.filter(({ now, old }) => now.kind === "schema" && now.name !== old.name);
  const schemaNames = new Map(schemas.map(({ now, old }) => [now.name, old.name]));
  // Once the schemas have their names back, what is in them is known by those.
  const inPlace = moved.map(({ now, old }): Move => ({
    now: { ...now, schema: schemaNames.get(now.schema) ?? now.schema },
    old,
  }));
  const whole = inPlace.filter(({ now }) => isWhole(now) && now.kind !== "schema");
  const relations = whole.filter(({ now, old }) => now.schema !== old.schema || now.name !== old.name);
  const parts = inPlace
    .filter(({ now, old }) => !isWhole(now) && now.name !== old.name)
    // Their relation has its old name by then.
    .map(({ now, old }): Move => ({ now: { ...now, schema: old.schema, within: old.within }, old }));
  const taken = new Set(
    [...after.values()].map((thing) =>
      slotOf({ ...thing, schema: schemaNames.get(thing.schema) ?? thing.schema }),
    ),
  );
  return [
    ...inTurn(schemas, new Set(schemas.map(({ now }) => slotOf(now)))),
    ...inTurn(relations, taken),
    ...inTurn(
      parts,
      new Set(inPlace.map(({ now, old }) => slotOf({ ...now, schema: old.schema, within: old.within }))),
    ),
  ];
}

interface Move {
  readonly now: NamedThing;
  readonly old: NamedThing;
}

function isWhole({ kind }: Pick<NamedThing, "kind">): boolean {
  return kind !== "column" && kind !== "constraint";
}

/** Relations of one schema share their names; columns and constraints are apart. */
function slotOf({ kind, schema, within, name }: NamedThing): string {
  const space = isWhole({ kind }) && kind !== "schema" && kind !== "type" ? "relation" : kind;
  return JSON.stringify([space, schema, within, name]);
}

/** One after the other, each when its old name is free; names that go round in a circle go by way of another. */
function inTurn(moves: readonly Move[], occupied: ReadonlySet<string>): readonly string[] {
  const taken = new Set(occupied);
  const statements: string[] = [];
  let waiting = [...moves];
  while (waiting.length > 0) {
    const next = waiting.find(({ old, now }) => !taken.has(slotOf(old)) || slotOf(old) === slotOf(now));
    const [move = waiting[0]] = [next];
    if (move === undefined) break;
    taken.delete(slotOf(move.now));
    waiting = waiting.filter((each) => each !== move);
    if (next !== undefined) {
      statements.push(...write(move));
      taken.add(slotOf(move.old));
      continue;
    }
    const aside = {
      ...move.now,
      name: `${move.now.name.slice(0, 40)}_${move.now.id.replace(".", "_")}_aside`,
    };
    statements.push(...write({ now: move.now, old: aside }));
    taken.add(slotOf(aside));
    waiting.push({ now: aside, old: move.old });
  }
  return statements;
}

/** What a table takes along into another schema. */
const goesWithTable: ReadonlySet<NamedThing["kind"]> = new Set(["index", "sequence"]);

const words: Readonly<Record<NamedThing["kind"], string>> = {
  schema: "schema",
  table: "table",
  view: "view",
  materialized_view: "materialized view",
  sequence: "sequence",
  index: "index",
  foreign_table: "foreign table",
  type: "type",
  column: "column",
  constraint: "constraint",
};

function write({ now, old }: Move): readonly string[] {
  const to = quoteIdentifier(old.name);
  if (now.kind === "schema") return [`alter schema ${quoteIdentifier(now.name)} rename to ${to}`];
  const inSchema = `${quoteIdentifier(now.schema)}.`;
  if (now.kind === "column" || now.kind === "constraint") {
    const host = now.isOfDomain ? "domain" : "table";
    return [
      `alter ${host} ${inSchema}${quoteIdentifier(now.within)} rename ${words[now.kind]} ${quoteIdentifier(now.name)} to ${to}`,
    ];
  }
  const word = words[now.kind];
  const moved =
    now.schema === old.schema || goesWithTable.has(now.kind)
      ? []
      : [`alter ${word} ${inSchema}${quoteIdentifier(now.name)} set schema ${quoteIdentifier(old.schema)}`];
  const renamed =
    now.name === old.name
      ? []
      : [`alter ${word} ${quoteIdentifier(old.schema)}.${quoteIdentifier(now.name)} rename to ${to}`];
  return [...moved, ...renamed];
}
