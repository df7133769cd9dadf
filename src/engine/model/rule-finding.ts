import type { Severity } from "./finding.ts";

/** What a rule is about. */
export type RuleGroup =
  | "locks"
  | "rewrites"
  | "data-loss"
  | "compatibility"
  | "transactions"
  | "security"
  | "suppression";

/** One statement that one rule has something to say about. */
export interface RuleFinding {
  /** The rule, such as `L01`; what `-- godwit:allow` names. */
  readonly id: string;
  /** The rule in words, such as `index-blocking`. */
  readonly name: string;
  readonly group: RuleGroup;
  /** An error needs confirmation before it is applied, also where it is suppressed. */
  readonly severity: Severity;
  /** The migration's file name, as it was given. */
  readonly file: string;
  /** One-based, among the migration's statements as they are recorded. */
  readonly statement: number;
  /** One-based. */
  readonly line: number;
  /** One-based, in code points. */
  readonly column: number;
  /** What it is about, such as `public.orders`; absent where the statement names nothing. */
  readonly object?: string;
  /** What happens, as one sentence. */
  readonly why: string;
  /** What to write instead. */
  readonly rewrite: string;
  /** What could not be checked, and would decide it. */
  readonly needs?: string;
  /** The reason that the file gives for allowing it. */
  readonly suppressed?: string;
}
