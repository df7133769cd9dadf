import { alterCommandsOf } from "../alter-table.ts";
import { isNarrower } from "../column-types.ts";
import { readType, columnsIn } from "../expressions.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isOwnTable } from "../scope.ts";

/** Types that seldom hold every value of another type. */
const SMALL =
  /^(?:int2|int4|int8|float4|float8|date|time|timetz|timestamp|timestamptz|bool|uuid|bpchar|char|bit|inet|cidr|money)$/;

export const narrowing: Rule = {
  id: "D09",
  name: "narrowing",
  group: "data-loss",
  severity: "warning",
  detects: "ALTER COLUMN TYPE to a narrower type, or USING an expression that loses the old value",
  why: "Values that do not fit are cut, rounded or lost, or make the migration fail.",
  rewrite: "Count first the rows whose value changes when it is converted there and back.",
  check: ({ node }, scope) =>
    alterCommandsOf(node, "AT_AlterColumnType").flatMap(({ table, command: { name = "", def } }) => {
      if (def === undefined || !("ColumnDef" in def) || isOwnTable(scope, table)) return [];
      const { raw_default: using, typeName } = def.ColumnDef;
      const object = `${show(table)}.${name}`;
      if (using !== undefined && !columnsIn({ using }).includes(name))
        return [
          {
            object,
            severity: "error",
            why: "The new value does not come from the old one, which is lost in every row.",
          },
        ];
      const next = readType(typeName);
      const old = scope.live?.findPart("column", table, name)?.attributes["type"];
      if (typeof old === "string") return isNarrower(old, next) === false ? [] : [{ object }];
      const isSmall = SMALL.test(next.name) || next.modifiers.length > 0;
      return isSmall ? [{ object, needs: "the column's type now" }] : [];
    }),
};
