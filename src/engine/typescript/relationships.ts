import { byEnglish } from "./by-english.ts";
import type { SchemaSource, SourceForeignKey } from "./schema-source.ts";
import { traceViews } from "./view-origins.ts";

/** What PostgREST can embed by: a foreign key of a table, or the same seen through a view on either side. */
export interface Relationship {
  readonly foreignKey: string;
  readonly relation: number;
  readonly columns: readonly string[];
  readonly isOneToOne: boolean;
  readonly referencedSchema: string;
  readonly referencedName: string;
  readonly referencedColumns: readonly string[];
}

/** One side of a foreign key: the table, or a view that shows all the key's columns. */
interface Side {
  readonly relation: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** Relationships of the source's relations, ordered by key, referenced relation and columns. */
export function findRelationships(source: SchemaSource): readonly Relationship[] {
  const sidesOf = prepareSides(source);
  return source.foreignKeys
    .flatMap((key) => expand(key, sidesOf))
    .toSorted(
      (a, b) =>
        byEnglish(a.foreignKey, b.foreignKey) ||
        byEnglish(a.referencedName, b.referencedName) ||
        byEnglish(JSON.stringify(a.referencedColumns), JSON.stringify(b.referencedColumns)),
    );
}

type SidesOf = (relation: number, columns: readonly number[]) => readonly Side[];

function expand(key: SourceForeignKey, viewsOf: SidesOf): readonly Relationship[] {
  const own: Side = { relation: key.relation, schema: "", name: "", columns: key.names };
  const other: Side = {
    relation: key.referenced,
    schema: key.referenced_schema,
    name: key.referenced_name,
    columns: key.referenced_names,
  };
  const others = [other, ...viewsOf(key.referenced, key.referenced_columns)];
  return [own, ...viewsOf(key.relation, key.columns)].flatMap((from) =>
    others.map((to) => ({
      foreignKey: key.name,
      relation: from.relation,
      columns: from.columns,
      isOneToOne: key.is_one_to_one,
      referencedSchema: to.schema,
      referencedName: to.name,
      referencedColumns: to.columns,
    })),
  );
}

/** The views that show all of some columns of a relation; one that shows a column twice counts once for each. */
function prepareSides({ views, relations }: SchemaSource): SidesOf {
  const traced = traceViews(views);
  return (relation, columns) =>
    relations.flatMap(({ id, schema, name }) => {
      const shown = traced.get(id);
      if (shown === undefined) return [];
      const choices = columns.map((column) =>
        shown
          .filter(({ origins }) =>
            origins.some((origin) => origin.relation === relation && origin.column === column),
          )
          .map((shownColumn) => shownColumn.name),
      );
      return combine(choices).map((names) => ({ relation: id, schema, name, columns: names }));
    });
}

/** Every way to take one of each; none where one has no choice. */
function combine(choices: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return choices.reduce<readonly (readonly string[])[]>(
    (combined, names) => combined.flatMap((before) => names.map((name) => [...before, name])),
    [[]],
  );
}
