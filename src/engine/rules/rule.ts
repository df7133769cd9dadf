import type { Severity } from "../model/finding.ts";
import type { RuleGroup } from "../model/rule-finding.ts";
import type { Scope } from "./scope.ts";
import type { StatementView } from "./statement-view.ts";

/** What a rule says about one statement; what is absent is the rule's own. */
export interface Hit {
  readonly object?: string;
  readonly severity?: Severity;
  readonly why?: string;
  readonly rewrite?: string;
  readonly needs?: string;
}

/** One rule of the catalogue (docs/rules.md). It judges one statement at a time, with what stands before and behind it. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly group: RuleGroup;
  /** Where a hit does not say otherwise. */
  readonly severity: Severity;
  /** What it finds, for the list of rules. */
  readonly detects: string;
  readonly why: string;
  readonly rewrite: string;
  readonly check: (at: StatementView, scope: Scope) => readonly Hit[];
}
