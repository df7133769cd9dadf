import type { RollbackLoss } from "../../model/rollback.ts";
import type { NamedThing, Things } from "../../model/things.ts";
import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";

/**
 * Statements that put used sequences which are made anew where those of before stood. A sequence that is still the same one is
 * left alone: others have taken numbers from it since. Pure.
 */
export function planPositions(before: Things, after: Things): readonly string[] {
  return usedSequences(before).flatMap(({ id, schema, name, position }) => {
    if (after.has(id)) return [];
    const sequence = quoteLiteral(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
    return [`select pg_catalog.setval(${sequence}, ${position})`];
  });
}

interface SequenceTrial {
  readonly before: Things;
  readonly end: Things;
  readonly setsSequences: boolean;
}

/** Used sequences that in the end stand elsewhere for more than having gone on, which every row that is added makes them do. Pure. */
export function lostPositions({ before, end, setsSequences }: SequenceTrial): readonly RollbackLoss[] {
  const inTheEnd = new Map(
    [...end.values()].flatMap((thing) =>
      thing.kind === "sequence" ? [[nameOf(thing), thing] as const] : [],
    ),
  );
  return [...before.values()].flatMap((thing): readonly RollbackLoss[] => {
    const now = inTheEnd.get(nameOf(thing));
    if (thing.kind !== "sequence" || now?.position === thing.position) return [];
    const isAnother = now?.id !== thing.id;
    const isBack = thing.position !== null && now?.position === null;
    if (!isAnother && !isBack && !setsSequences) return [];
    return thing.position === null && isAnother
      ? []
      : [{ kind: "sequence", name: nameOf(thing), how: isAnother ? "dropped" : "overwritten" }];
  });
}

function usedSequences(things: Things): readonly (NamedThing & { readonly position: string })[] {
  return [...things.values()].flatMap((thing) =>
    thing.kind === "sequence" && thing.position !== null ? [{ ...thing, position: thing.position }] : [],
  );
}

function nameOf({ schema, name }: NamedThing): string {
  return `${schema}.${name}`;
}
