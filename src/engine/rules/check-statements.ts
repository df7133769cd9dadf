import type { Catalog } from "../model/catalog.ts";
import type { RuleFinding } from "../model/rule-finding.ts";
import { positionFinder } from "../sql/position.ts";
import { planStatements, type PlannedPiece, type PlannedStatements } from "../sql/plan-statements.ts";
import { readAllowances, type Allowance } from "./allow.ts";
import { rules } from "./catalogue.ts";
import { isDump } from "./is-dump.ts";
import { openLedger, type OpenLedger } from "./ledger.ts";
import { toLiveSchema, type LiveSchema, type TableFacts } from "./live-schema.ts";
import { profileOf } from "./read-profile.ts";
import { readViews } from "./read-views.ts";
import type { Hit, Rule } from "./rule.ts";
import type { Scope } from "./scope.ts";
import type { StatementView } from "./statement-view.ts";

/** The migrations to judge, in the order in which they will run, and what is known of the database: rules exempt a table without rows. */
export interface CheckRequest extends TableFacts {
  readonly migrations: readonly { readonly fileName: string; readonly sql: string }[];
  /** The live schema before the first of them. */
  readonly catalog?: Catalog;
  /** The schema after the last of them, from a replay or a rehearsal. */
  readonly after?: Catalog;
}

/** A migration whose text could not be read as statements; no rule has judged it. */
export interface Unreadable {
  readonly file: string;
  readonly why: Exclude<PlannedStatements, { readonly kind: "planned" }>;
}

export interface CheckedStatements {
  /** In the order of the migrations and their statements; the gravest of a statement first. */
  readonly findings: readonly RuleFinding[];
  readonly unreadable: readonly Unreadable[];
  readonly statements: number;
}

interface Read {
  readonly file: string;
  readonly sql: string;
  readonly pieces: readonly PlannedPiece[];
  readonly views: readonly StatementView[];
}

/** Judges every statement by every rule. Suppressed findings are answered too, with the reason that the file gives. */
export async function checkStatements(request: CheckRequest): Promise<CheckedStatements> {
  const live = request.catalog === undefined ? undefined : toLiveSchema(request.catalog, request);
  const after = request.after === undefined ? undefined : toLiveSchema(request.after);
  const unreadable: Unreadable[] = [];
  const outcome = openLedger();
  const read: Read[] = [];
  for (const { fileName: file, sql } of request.migrations) {
    const planned = await planStatements(sql);
    if (planned.kind !== "planned") {
      unreadable.push({ file, why: planned });
      continue;
    }
    const views = await readViews(sql, planned.pieces, live);
    for (const view of views) outcome.write(view);
    read.push({ file, sql, pieces: planned.pieces, views });
  }
  return {
    findings: read.flatMap((migration) => checkMigration(migration, { outcome, live, after })),
    unreadable,
    statements: read.reduce((sum, { pieces }) => sum + pieces.length, 0),
  };
}

interface Known {
  readonly outcome: OpenLedger;
  readonly live: LiveSchema | undefined;
  readonly after: LiveSchema | undefined;
}

function checkMigration(migration: Read, known: Known): readonly RuleFinding[] {
  const made = openLedger();
  const found: RuleFinding[] = [];
  const fromDump = isDump(migration.views);
  const profile = profileOf(migration.views, known.live);
  for (const [position, view] of migration.views.entries()) {
    const scope: Scope = { ...known, migration: migration.views, position, made, isDump: fromDump, profile };
    for (const rule of rules)
      found.push(...rule.check(view, scope).map((hit) => toFinding(rule, view, hit, migration.file)));
    made.write(view);
  }
  return allow(migration, withoutRepeats(found));
}

function toFinding(rule: Rule, view: StatementView, hit: Hit, file: string): RuleFinding {
  const { object, needs } = hit;
  return {
    id: rule.id,
    name: rule.name,
    group: rule.group,
    severity: hit.severity ?? rule.severity,
    file,
    statement: view.statement,
    line: view.line,
    column: view.column,
    ...(object === undefined || object === "" ? {} : { object }),
    why: hit.why ?? rule.why,
    rewrite: hit.rewrite ?? rule.rewrite,
    ...(needs === undefined ? {} : { needs }),
  };
}

/** A loop, or a statement with many commands, says the same of the same object once. */
function withoutRepeats(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const seen = new Set<string>();
  const first = findings.filter(({ id, statement, object = "", why }) => {
    const key = `${id} ${statement} ${object} ${why}`;
    return !seen.has(key) && seen.add(key);
  });
  return first.toSorted(
    (a, b) => a.statement - b.statement || gravity[a.severity] - gravity[b.severity] || a.line - b.line,
  );
}

const gravity = { error: 0, warning: 1, info: 2 };

function allow({ file, sql, pieces }: Read, findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const allowances = readAllowances(pieces);
  if (allowances.length === 0) return findings;
  const told = findings.map((finding) => {
    const allowance = allowances.find(
      ({ id, statement, reason }) => reason !== "" && statement === finding.statement && isNamed(id, finding),
    );
    return allowance === undefined ? finding : { ...finding, suppressed: allowance.reason };
  });
  const positionOf = positionFinder(sql);
  const wrong = allowances.flatMap((allowance) => {
    const hit = judgeAllowance(allowance, findings);
    const start = positionOf(pieces[allowance.statement - 1]?.start ?? 0);
    if (hit === undefined) return [];
    return [toAllowFinding({ allowance, hit, file, line: start.line + allowance.lineOffset })];
  });
  return [...told, ...wrong].toSorted((a, b) => a.statement - b.statement);
}

function isNamed(id: string, finding: RuleFinding): boolean {
  return id === finding.id || id === finding.name.toUpperCase();
}

function judgeAllowance(allowance: Allowance, findings: readonly RuleFinding[]): Hit | undefined {
  const { id, reason, statement } = allowance;
  const isKnown = rules.some((rule) => rule.id === id || rule.name.toUpperCase() === id);
  if (!isKnown) return { severity: "warning", why: `There is no rule ${id === "" ? "without an id" : id}.` };
  if (reason === "")
    return { severity: "warning", why: `The allowance of ${id} gives no reason, so it allows nothing.` };
  const isUsed = findings.some((finding) => finding.statement === statement && isNamed(id, finding));
  return isUsed ? undefined : { severity: "info", why: `${id} has nothing to say about this statement.` };
}

function toAllowFinding(parts: {
  readonly allowance: Allowance;
  readonly hit: Hit;
  readonly file: string;
  readonly line: number;
}): RuleFinding {
  const { allowance, hit, file, line } = parts;
  return {
    id: "A01",
    name: "allow-comment",
    group: "suppression",
    severity: hit.severity ?? "warning",
    file,
    statement: allowance.statement,
    line,
    column: 1,
    why: hit.why ?? "",
    rewrite:
      "Write `-- godwit:allow <id> <reason>` on the lines above the statement, with an id of docs/rules.md.",
  };
}
