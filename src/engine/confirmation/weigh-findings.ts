import type { PlannedMigration, PlannedStatement } from "../model/plan.ts";
import type { RuleFinding } from "../model/rule-finding.ts";

/** What the rules found in a plan, by what becomes of it. */
export interface WeighedFindings {
  /** Errors that need a yes, also where the file allows them. */
  readonly asked: readonly RuleFinding[];
  /** Everything else above `info` that nobody has allowed. */
  readonly told: readonly RuleFinding[];
}

/** What is known of the target's tables. */
export interface KnownTables {
  /** Every table there is, as `schema.table`. */
  readonly names: readonly string[];
  /** Rows by name; a table that is not listed is unknown. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Rules about one table, which harm nobody while the table holds nothing. */
const aboutOneTable = new Set([
  "table-without-rls",
  "policy-without-rls",
  "open-write-policy",
  "user-metadata",
  "protection-removed",
  "sensitive-exposure",
  "auth-exposed",
]);

/**
 * Which findings need a yes (docs/decisions/0039-error-findings.md). Findings are those of `migrations`, by `fileOf`; what a
 * plan has done already is left out.
 */
export function weighFindings(
  findings: readonly RuleFinding[],
  migrations: ReadonlyMap<string, PlannedMigration>,
  tables: KnownTables,
): WeighedFindings {
  const weighed = findings.flatMap((finding) => {
    const migration = migrations.get(finding.file);
    const statement = migration === undefined ? undefined : remaining(migration, finding.statement);
    if (finding.severity === "info" || statement === undefined) return [];
    return [{ finding, isAsked: needsYes(finding, statement, tables) }];
  });
  return {
    asked: weighed.filter(({ isAsked }) => isAsked).map(({ finding }) => finding),
    told: weighed
      .filter(({ finding, isAsked }) => !isAsked && finding.suppressed === undefined)
      .map(({ finding }) => finding),
  };
}

/** The statement of that one-based number, where it still has to run. */
function remaining(
  { steps, stepsDone, statements }: PlannedMigration,
  number: number,
): PlannedStatement | undefined {
  const index = number - 1;
  const done = steps.slice(0, stepsDone).flatMap(statementsOf);
  return done.some((statement) => statement.index === index)
    ? undefined
    : statements.find((statement) => statement.index === index);
}

function statementsOf(step: PlannedMigration["steps"][number]): readonly PlannedStatement[] {
  return step.kind === "transaction" ? step.statements : [step.statement];
}

function needsYes(finding: RuleFinding, statement: PlannedStatement, tables: KnownTables): boolean {
  if (finding.severity !== "error") return false;
  switch (finding.group) {
    case "data-loss":
      // What its acts take away has been counted in the target, which knows better than the text.
      return statement.destroys.length === 0;
    case "security":
      return !isCounted(finding, statement) && !isAboutNothing(finding, statement, tables);
    // What breaks the transaction, or fails on the rows that are there, is rolled back and takes nothing with it.
    case "transactions":
    case "compatibility":
      return false;
    case "locks":
    case "rewrites":
    case "suppression":
      return true;
  }
}

function isCounted({ name }: RuleFinding, { destroys }: PlannedStatement): boolean {
  return name === "protection-removed" && destroys.some(({ kind }) => kind === "lift_row_security");
}

/** True for a table that is made by the plan, or known to hold nothing. */
function isAboutNothing(
  { name, object: found = "" }: RuleFinding,
  { command }: PlannedStatement,
  { names, rows }: KnownTables,
): boolean {
  if (!aboutOneTable.has(name) || command === "CREATE TABLE AS" || command === "SELECT") return false;
  const object = name === "auth-exposed" ? "auth.users" : found;
  const full = names.filter((table) => {
    const short = table.startsWith("public.") ? table.slice("public.".length) : table;
    return isNamedBy(object, table) || isNamedBy(object, short);
  });
  return full.every((table) => rows.get(table) === 0);
}

/** A finding's object is the table, or a part of it behind a dot. */
function isNamedBy(object: string, table: string): boolean {
  return object === table || object.startsWith(`${table}.`);
}
