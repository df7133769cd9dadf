import { changeClasses, classifyChange } from "../compare/classify-change.ts";
import { mergeRows, sumRows } from "../effects/row-counters.ts";
import type { RehearsalPlace } from "../execute/rehearsal-limits.ts";
import type { Rehearsal } from "../execute/rehearse.ts";
import type { SightChange } from "../execute/read-sight.ts";
import type { AdvisorFinding, TableRows } from "../model/effects.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { RehearsalFinding, RehearsalReport } from "../model/rehearsal-report.ts";
import {
  describeAccessChange,
  describeSchemaChange,
  describeSubject,
  selectSchemaChanges,
} from "./describe-sight.ts";
import { describeTableRows, describeTrace } from "./describe-trace.ts";
import { expectedEffect } from "./expected-effect.ts";
import type { Fence } from "./fence.ts";
import { countFitting } from "./page.ts";

/** What was rehearsed and where. */
export interface RehearsedPlan {
  readonly rehearsal: Rehearsal;
  readonly place: RehearsalPlace;
  readonly migrations: readonly PlannedMigration[];
  /** As shown before each file's name. */
  readonly folder: string;
  /** What of the live schema the copy lacks. */
  readonly notCopied: readonly string[];
}

/** Characters that each list may take in an answer that is not asked for whole; together below 8 KB. */
const budgets = { rows: 700, findings: 1_500, access: 1_200, schema: 1_200, statements: 1_800 };

/** What a rehearsal has shown: counts and what it comes to first, statement by statement last. */
export function describeRehearsal(
  plan: RehearsedPlan,
  fence: Fence,
  answerSize: "whole" | undefined,
): RehearsalReport {
  const { rehearsal, place } = plan;
  const tables = totalRows(rehearsal);
  const lists = {
    rows: tables.map((rows) => describeTableRows(rows, fence)),
    findings: (rehearsal.change?.findings ?? []).toSorted(byLevel).map((each) => toFinding(each, fence)),
    access: (rehearsal.change?.access ?? []).map((each) => describeAccessChange(each, fence)),
    schema: schemaChanges(rehearsal.change, fence),
    statements: rehearsal.statements.flatMap((each) => {
      const told = describeTrace(each, plan.folder, fence);
      return told === undefined ? [] : [told];
    }),
  };
  const cut = cutLists(lists, answerSize);
  const moved = rehearsal.moved.map(
    ({ name, from, to }) => `sequence ${fence.wrapName(name)}: ${from ?? "unused"} → ${to ?? "unused"}`,
  );
  const notRehearsed = listNotRehearsed(plan);
  const limits = place === "copy" ? copyLimits(plan, fence) : [];
  return {
    on: place,
    counts: countAll(plan, tables, lists),
    ...(cut.shown.rows.length === 0 ? {} : { rows: cut.shown.rows }),
    ...(cut.shown.findings.length === 0 ? {} : { new_findings: cut.shown.findings }),
    ...(cut.shown.access.length === 0 ? {} : { access_changes: cut.shown.access }),
    ...(cut.shown.schema.length === 0 ? {} : { schema_changes: cut.shown.schema }),
    ...(cut.shown.statements.length === 0 ? {} : { statements: cut.shown.statements }),
    ...(Object.keys(cut.leftOut).length === 0 ? {} : { left_out: cut.leftOut }),
    ...(moved.length === 0 ? {} : { left_behind: moved }),
    ...(notRehearsed.length === 0 ? {} : { not_rehearsed: notRehearsed }),
    ...(limits.length === 0 ? {} : { limits }),
  };
}

/** The place where it is not the target, and the gravest of what was measured, as the middle of a sentence. */
export function summarizeRehearsal({ rehearsal, place }: RehearsedPlan): string {
  const rows = sumRows(totalRows(rehearsal));
  const rewritten = new Set(
    rehearsal.statements.flatMap(({ trace }) => trace.rewrites.filter(isTable).map(({ oid }) => oid)),
  ).size;
  const grave = (rehearsal.change?.findings ?? []).filter(({ level }) => level !== "info").length;
  const parts = [
    rows === 0 ? "" : count(rows, "row", "changed"),
    rewritten === 0 ? "" : count(rewritten, "table", "written anew"),
    grave === 0 ? "" : count(grave, "new advisor finding", ""),
  ].filter((part) => part !== "");
  const told = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return `${place === "copy" ? " on a copy without rows" : ""}${told}`;
}

function count(number: number, noun: string, what: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"} ${what}`.trim();
}

/** Rows of all statements, or of one migration's, table by table, most first. */
export function totalRows({ statements }: Rehearsal, migration?: PlannedMigration): readonly TableRows[] {
  const counted = statements.filter((each) => migration === undefined || each.migration === migration);
  return mergeRows(counted.flatMap(({ trace }) => trace.rows));
}

function schemaChanges(change: SightChange | undefined, fence: Fence): readonly string[] {
  if (change === undefined) return [];
  return selectSchemaChanges(change.schema)
    .toSorted((a, b) => changeClasses.indexOf(classifyChange(a)) - changeClasses.indexOf(classifyChange(b)))
    .map((each) => describeSchemaChange(each, change.onPlatform, fence));
}

const levels = ["error", "warning", "info"];

function byLevel(a: AdvisorFinding, b: AdvisorFinding): number {
  return levels.indexOf(a.level) - levels.indexOf(b.level);
}

function toFinding(
  { check, category, level, object, detail, message }: AdvisorFinding,
  fence: Fence,
): RehearsalFinding {
  const told = detail === undefined ? {} : { detail: fence.wrapName(detail) };
  return { check, category, level, object: describeSubject(object, fence), ...told, message };
}

type Lists = Readonly<Record<keyof typeof budgets, readonly unknown[]>>;

function cutLists<L extends Lists>(
  lists: L,
  answerSize: "whole" | undefined,
): { readonly shown: L; readonly leftOut: Readonly<Record<string, number>> } {
  if (answerSize === "whole") return { shown: lists, leftOut: {} };
  const fitting = (name: keyof Lists) => countFitting(lists[name], budgets[name]);
  const { rows, findings, access, schema, statements } = lists;
  const shown = {
    ...lists,
    rows: rows.slice(0, fitting("rows")),
    findings: findings.slice(0, fitting("findings")),
    access: access.slice(0, fitting("access")),
    schema: schema.slice(0, fitting("schema")),
    statements: statements.slice(0, fitting("statements")),
  };
  const leftOut = Object.entries(shown).flatMap(([name, kept]) => {
    const whole = Object.entries(lists).find(([other]) => other === name)?.[1].length ?? 0;
    return whole === kept.length ? [] : [[name, whole - kept.length] as const];
  });
  return { shown, leftOut: Object.fromEntries(leftOut) };
}

function countAll(
  { rehearsal }: RehearsedPlan,
  tables: readonly TableRows[],
  lists: Lists,
): Readonly<Record<string, number>> {
  const traces = rehearsal.statements.map(({ trace }) => trace);
  const counts = {
    statements: rehearsal.statements.filter(({ statement }) => statement !== undefined).length,
    rows_affected: sumRows(tables),
    rewrites: traces.reduce((sum, { rewrites }) => sum + rewrites.filter(isTable).length, 0),
    scans: traces.reduce((sum, { scans }) => sum + scans.filter(({ rows }) => rows > 0).length, 0),
    new_findings: lists.findings.length,
    access_changes: lists.access.length,
    schema_changes: lists.schema.length,
    duration_ms: rehearsal.statements.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function isTable({ kind }: { readonly kind: string }): boolean {
  return kind === "table" || kind === "materialized_view";
}

function listNotRehearsed({
  migrations,
  folder,
}: RehearsedPlan): NonNullable<RehearsalReport["not_rehearsed"]> {
  return migrations
    .flatMap(({ fileName, steps, stepsDone }) =>
      steps.slice(stepsDone).flatMap((step) => {
        if (step.kind !== "alone") return [];
        const { line, command } = step.statement;
        return [{ file: `${folder}/${fileName}`, line, command, expected: expectedEffect(step.statement) }];
      }),
    )
    .slice(0, 20);
}

function copyLimits({ notCopied }: RehearsedPlan, fence: Fence): readonly string[] {
  const known =
    "The copy has the live schema and no rows: what depends on rows (violated constraints, row counts, scans, durations) and on other sessions is not known.";
  if (notCopied.length === 0) return [known];
  const listed = notCopied.slice(0, 5).map((each) => fence.wrap(each.slice(0, 200)));
  const more = notCopied.length > 5 ? `; and ${notCopied.length - 5} more` : "";
  return [known, `Not copied, so that what needs it fails here: ${listed.join("; ")}${more}.`];
}
