import type { DestructiveAct } from "../model/destructive-act.ts";
import type { RelationName } from "../model/relation-name.ts";

type Rename = Extract<DestructiveAct, { readonly to: unknown }>;

/** What names stand for as a plan goes on: each answers the name from before the plan, undefined where it no longer means anything from then. */
export interface Names {
  readonly rename: (act: Rename) => void;
  readonly liveRelation: (relation: RelationName) => RelationName | undefined;
  readonly liveColumn: (liveRelation: RelationName, column: string) => string | undefined;
  readonly liveSchema: (schema: string) => string;
}

/** A relation as a key; one without a schema counts as in `public`. */
export function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema ?? "public", name]);
}

/** Remembers renames; `null` marks a name that was given up. */
export function trackNames(): Names {
  const relations = new Map<string, RelationName | null>();
  const columns = new Map<string, string | null>();
  const schemas = new Map<string, string>();
  const columnKey = (relation: RelationName, column: string) => JSON.stringify([keyOf(relation), column]);
  const liveSchema = (schema: string) => schemas.get(schema) ?? schema;
  const liveRelation = (relation: RelationName): RelationName | undefined => {
    const known = relations.get(keyOf(relation));
    if (known !== undefined) return known ?? undefined;
    return relation.schema === undefined ? relation : { ...relation, schema: liveSchema(relation.schema) };
  };
  const liveColumn = (relation: RelationName, column: string): string | undefined => {
    const known = columns.get(columnKey(relation, column));
    return known === null ? undefined : (known ?? column);
  };
  const rename = (act: Rename): void => {
    if (act.kind === "rename_schema") {
      schemas.set(act.to, liveSchema(act.schema));
      return;
    }
    const live = liveRelation(act.relation);
    if (act.kind === "rename_relation") {
      relations.set(keyOf(act.relation), null);
      relations.set(keyOf(act.to), live ?? null);
    } else if (live !== undefined) {
      const column = liveColumn(live, act.column);
      columns.set(columnKey(live, act.column), null);
      columns.set(columnKey(live, act.to), column ?? null);
    }
  };
  return { rename, liveRelation, liveColumn, liveSchema };
}
