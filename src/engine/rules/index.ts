export {
  checkStatements,
  type CheckRequest,
  type CheckedStatements,
  type Unreadable,
} from "./check-statements.ts";
export { rules } from "./catalogue.ts";
export type { TableFacts } from "./live-schema.ts";
export type { Rule } from "./rule.ts";
export type { RuleFinding, RuleGroup } from "../model/rule-finding.ts";
