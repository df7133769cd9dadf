import type { Node } from "../../sql/parse.ts";
import { tablesMade } from "../exposed-tables.ts";
import { show } from "../names.ts";
import type { Rule } from "../rule.ts";

export const searchPathName: Rule = {
  id: "T12",
  name: "search-path-name",
  group: "transactions",
  severity: "info",
  detects: "A table made without its schema",
  why: "Where it lands depends on the search path of whoever runs the migration.",
  rewrite: "Write public.name.",
  check: ({ node }, scope) => {
    const unqualified = (each: Node) => tablesMade(each).filter(({ schema }) => schema === undefined);
    const [first] = unqualified(node);
    // One word a migration is enough.
    if (first === undefined || scope.made.has("unqualified", "")) return [];
    return [{ object: show(first) }];
  },
};
