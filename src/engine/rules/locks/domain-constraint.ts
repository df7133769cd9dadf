import { show, nameOfList } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isNew } from "../scope.ts";

export const domainConstraint: Rule = {
  id: "L11",
  name: "domain-constraint",
  group: "locks",
  severity: "warning",
  detects: "ALTER DOMAIN ADD CONSTRAINT without NOT VALID, or SET NOT NULL",
  why: "It locks every table that uses the domain against writers, and reads them all.",
  rewrite: "ADD CONSTRAINT … NOT VALID, then ALTER DOMAIN … VALIDATE CONSTRAINT in the next migration.",
  check: ({ node }, scope) => {
    if (!("AlterDomainStmt" in node)) return [];
    const { subtype, typeName, def } = node.AlterDomainStmt;
    const domain = nameOfList(typeName);
    const isNotValid = def !== undefined && "Constraint" in def && def.Constraint.skip_validation === true;
    const scans = (subtype === "C" && !isNotValid) || subtype === "O";
    return !scans || isNew(scope, "type", domain) ? [] : [{ object: show(domain) }];
  },
};
