import { show, nameOfRange } from "../names.ts";
import type { Rule } from "../rule.ts";

const mostColumns = 3;

export const indexShape: Rule = {
  id: "L27",
  name: "index-shape",
  group: "locks",
  severity: "info",
  detects: "An index that is not unique and has more than three columns, or that repeats another",
  why: "Every write keeps the index up to date, and the later columns seldom help a query.",
  rewrite: "Keep the columns that queries filter by.",
  check: ({ node }, { live }) => {
    if (!("IndexStmt" in node) || node.IndexStmt.unique === true) return [];
    const { relation, indexParams = [], whereClause } = node.IndexStmt;
    const columns = indexParams.map((each) => ("IndexElem" in each ? (each.IndexElem.name ?? "") : ""));
    const table = nameOfRange(relation);
    if (columns.length > mostColumns) return [{ object: show(table) }];
    const prefix = `(${columns.join(", ")}`;
    const other = live?.partsOf("index", table).find(({ attributes }) => {
      const definition = String(attributes["definition"] ?? "");
      return (
        whereClause === undefined &&
        !/ where /i.test(definition) &&
        (definition.includes(`${prefix})`) || definition.includes(`${prefix}, `))
      );
    });
    if (other === undefined || columns.includes("")) return [];
    return [{ object: show(table), why: `${other.id.name} begins with the same columns already.` }];
  },
};
