import { findForbiddenFunction } from "../../sql/forbidden-functions.ts";
import { functionCalls } from "../expressions.ts";
import type { Rule } from "../rule.ts";
import { isDefinition } from "../writes.ts";

/** What other rules judge with more knowledge, or what does no harm. */
const ELSEWHERE =
  /^(?:set_config|setval|nextval|pg_try_advisory_\w+|pg_advisory_\w+|dblink\w*|http\w*|lo_import|lo_export|pg_read_\w+|pg_notify|crosstab\w*|connectby|xpath_table|query_to_xml\w*|cursor_to_xml|ts_stat|ts_rewrite)$/;

export const survivesRollback: Rule = {
  id: "T10",
  name: "survives-rollback",
  group: "transactions",
  severity: "warning",
  detects:
    "Functions that act although the transaction is rolled back: replication slots, other sessions, server files, large objects",
  why: "What it does stays done where the migration fails, and in a rehearsal too.",
  rewrite: "Do it by hand, outside of migrations.",
  check: ({ node }) => {
    if (isDefinition(node)) return [];
    return functionCalls(node)
      .filter(({ schema, name }) => schema === undefined && !ELSEWHERE.test(name) && isForbidden(name))
      .map(({ name }) => ({ object: name }));
  },
};

function isForbidden(name: string): boolean {
  return findForbiddenFunction({ FuncCall: { funcname: [{ String: { sval: name } }] } }) !== undefined;
}
