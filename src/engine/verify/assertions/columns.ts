import * as z from "zod";
import type { Catalog, Fact } from "../../model/catalog.ts";
import {
  absent,
  assertion,
  failed,
  passed,
  present,
  same,
  type Assertion,
  type Verdict,
} from "../assertion.ts";
import {
  findObject,
  listNames,
  normalizeType,
  parseName,
  partsOf,
  relationKinds,
  unquote,
} from "../names.ts";
import { partsAre } from "../parts.ts";

const oneColumn = z.strictObject({ table: z.string(), column: z.string() });
const someColumns = z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1) });

interface Place {
  readonly table: string;
  readonly column: string;
}

function findColumn(catalog: Catalog, { table, column }: Place): Fact | undefined {
  const relation = findObject(catalog, table, relationKinds);
  return relation && partsOf(catalog, relation, "column").find(({ id }) => id.name === column);
}

function judgeColumn(catalog: Catalog, place: Place, judge: (column: Fact) => Verdict): Verdict {
  const column = findColumn(catalog, place);
  return column === undefined ? failed("no such column", `${place.table}.${place.column}`) : judge(column);
}

function defaultOf(catalog: Catalog, column: Fact): string | undefined {
  const [preset] = partsOf(catalog, column, "default");
  return preset === undefined ? undefined : String(preset.attributes["expression"]);
}

function constraintsOf(catalog: Catalog, table: string, type: string): readonly Fact[] {
  const relation = findObject(catalog, table, ["table", "foreign_table"]);
  if (relation === undefined) return [];
  return partsOf(catalog, relation, "constraint").filter(({ attributes }) => attributes["type"] === type);
}

function keyIs(type: string): Assertion {
  return assertion(someColumns, ({ table, columns }, { catalog }) => {
    const have = constraintsOf(catalog, table, type).map(
      (key) => listNames(String(key.attributes["definition"])) ?? [],
    );
    const isThere = have.some((names) => JSON.stringify(names) === JSON.stringify(columns));
    return isThere ? passed : same(have, [columns]);
  });
}

const foreignKey = z.strictObject({
  table: z.string(),
  columns: z.array(z.string()).min(1),
  references: z.string(),
  referenced_columns: z.array(z.string()).min(1),
});

const references = /REFERENCES ((?:"(?:[^"]|"")+"|[^\s(."]+)(?:\.(?:"(?:[^"]|"")+"|[^\s(."]+))?)(\(.*)$/s;

/** Columns, their types and defaults, and the keys made of them. */
export const columnAssertions: Readonly<Record<string, Assertion>> = {
  has_column: assertion(oneColumn, (place, { catalog }) =>
    present(findColumn(catalog, place) !== undefined, `${place.table}.${place.column}`),
  ),
  hasnt_column: assertion(oneColumn, (place, { catalog }) =>
    absent(findColumn(catalog, place) !== undefined, `${place.table}.${place.column}`),
  ),
  columns_are: partsAre("columns", "column"),
  constraints_are: partsAre("constraints", "constraint"),
  col_type_is: assertion(oneColumn.extend({ type: z.string() }), ({ type, ...place }, { catalog }) =>
    judgeColumn(catalog, place, ({ attributes }) => {
      const have = String(attributes["type"]);
      return normalizeType(have) === normalizeType(type) ? passed : failed(have, type);
    }),
  ),
  col_not_null: assertion(oneColumn, (place, { catalog }) =>
    judgeColumn(catalog, place, ({ attributes }) =>
      attributes["notNull"] === true ? passed : failed("may be null", "not null"),
    ),
  ),
  col_is_null: assertion(oneColumn, (place, { catalog }) =>
    judgeColumn(catalog, place, ({ attributes }) =>
      attributes["notNull"] === true ? failed("not null", "may be null") : passed,
    ),
  ),
  col_has_default: assertion(oneColumn, (place, { catalog }) =>
    judgeColumn(catalog, place, (column) => present(defaultOf(catalog, column) !== undefined, "a default")),
  ),
  col_hasnt_default: assertion(oneColumn, (place, { catalog }) =>
    judgeColumn(catalog, place, (column) => absent(defaultOf(catalog, column) !== undefined, "a default")),
  ),
  col_default_is: assertion(
    oneColumn.extend({ default: z.string() }),
    ({ default: wanted, ...place }, { catalog }) =>
      judgeColumn(catalog, place, (column) => {
        const have = defaultOf(catalog, column);
        if (have === undefined) return failed("no default", wanted);
        // A literal may be given as the server writes it, with its type, or bare.
        const bare = have.replace(/::[\w ."()[\]]+$/, "");
        return [have, bare, bare.replace(/^'(.*)'$/s, "$1")].includes(wanted) ? passed : failed(have, wanted);
      }),
  ),
  col_is_pk: keyIs("primary key"),
  col_is_unique: keyIs("unique"),
  hasnt_pk: assertion(
    z.strictObject({ table: z.string() }),
    ({ table }, { catalog }) =>
      absent(constraintsOf(catalog, table, "primary key").length > 0, "a primary key"),
    "table",
  ),
  fk_ok: assertion(
    foreignKey,
    ({ table, columns, references: wanted, referenced_columns: names }, { catalog }) => {
      const want = describeKey(columns, parseName(wanted), names);
      const have = constraintsOf(catalog, table, "foreign key").map(({ attributes }) =>
        readKey(String(attributes["definition"])),
      );
      return have.includes(want)
        ? passed
        : failed(have.length === 0 ? "no foreign key" : have.join("; "), want);
    },
  ),
};

function readKey(definition: string): string {
  const [, target = "", list = ""] = references.exec(definition) ?? [];
  const { schema, name } = parseName(target);
  return describeKey(listNames(definition) ?? [], { schema, name: unquote(name) }, listNames(list) ?? []);
}

function describeKey(
  columns: readonly string[],
  { schema, name }: { readonly schema: string; readonly name: string },
  referenced: readonly string[],
): string {
  return `(${columns.join(", ")}) references ${schema}.${name} (${referenced.join(", ")})`;
}
