/** What guards besides the rules, and the unit tests that have to notice when it is weakened. */
const sql = (...names) => names.map((name) => `test/unit/sql/${name}.test.ts`);
const confirmation = (...names) => names.map((name) => `test/unit/confirmation/${name}.test.ts`);
const classes = [
  ...sql("classify", "read-only", "plan-statements"),
  "test/unit/plan/transaction-control.test.ts",
];

export const guards = [
  { file: "sql/read-only.ts", tests: sql("read-only") },
  { file: "sql/forbidden-functions.ts", tests: sql("read-only") },
  { file: "sql/classify.ts", tests: classes },
  { file: "sql/classes/procedural-body.ts", tests: classes },
  { file: "sql/classes/session-state.ts", tests: classes },
  { file: "sql/classes/transaction-block.ts", tests: classes },
  { file: "sql/survives-rollback.ts", tests: sql("survives-rollback") },
  { file: "sql/unsupported-text.ts", tests: sql("unsupported-text") },
  { file: "sql/always-true.ts", tests: sql("always-true") },
  { file: "sql/dynamic-text.ts", tests: sql("procedural-statements") },
  { file: "sql/procedural-statements.ts", tests: sql("procedural-statements") },
  { file: "sql/made-object.ts", tests: confirmation("destructive-acts") },
  { file: "sql/destructive-acts.ts", tests: confirmation("destructive-acts") },
  { file: "sql/destructive-alter.ts", tests: confirmation("destructive-acts") },
  { file: "sql/destructive-blocks.ts", tests: confirmation("destructive-acts") },
  { file: "confirmation/follow-names.ts", tests: confirmation("destructive-acts") },
  { file: "confirmation/names-in-plan.ts", tests: confirmation("destructive-acts") },
  { file: "confirmation/made-again.ts", tests: confirmation("made-again") },
  { file: "confirmation/judge-confirmation.ts", tests: confirmation("judge-confirmation") },
  { file: "confirmation/refuse-stale.ts", tests: confirmation("refuse-stale") },
  { file: "confirmation/weigh-findings.ts", tests: confirmation("weigh-findings") },
  { file: "confirmation/measured-losses.ts", tests: confirmation("measured-losses") },
  { file: "confirmation/many-rows.ts", tests: confirmation("measured-losses") },
  { file: "plan/plan-id.ts", tests: confirmation("refuse-stale") },
];
