import * as z from "zod";
import { baselineBlocks, baselineParts } from "./render-baseline.ts";
import { describeNotRun, driftBlock, noDriftBlock } from "./render-drift.ts";
import { inCommandWords } from "./in-command-words.ts";
import { renderError } from "./render-error.ts";
import { rehearsal, renderRehearsal } from "./render-rehearsal.ts";
import { reconcileBlocks, reconcileParts } from "./render-reconcile.ts";
import { renderSchema, schemaParts } from "./render-schema.ts";
import { renderVerification, verificationParts } from "./render-verification.ts";
import { anyWidth, inOneLine, printable, renderList, renderTable, wrapText } from "./render-text.ts";

const rows = z.array(z.record(z.string(), z.unknown())).readonly();

const scripts = z.record(
  z.string(),
  z.object({
    proved: z.boolean(),
    statements: z.number(),
    hazards: z.array(z.string()).optional(),
    because: z.array(z.string()).optional(),
  }),
);

/** The parts of reports that people are shown; every report is some of them. */
const shown = z.object({
  summary: z.string(),
  target: z.string().optional(),
  against: z.string().optional(),
  folder: z.string().optional(),
  file: z.string().optional(),
  plan_id: z.string().optional(),
  sql: z.union([z.string(), z.object({ to_against: z.string(), to_target: z.string() })]).optional(),
  migrations: rows.optional(),
  phases: rows.optional(),
  progress: z.record(z.string(), z.unknown()).optional(),
  tables: rows.optional(),
  drift: rows.optional(),
  losses: rows.optional(),
  not_drift: rows.optional(),
  schema: z
    .object({ not_drift: rows.optional(), not_replayed: rows.optional(), scripts: scripts.optional() })
    .optional(),
  scripts: scripts.optional(),
  findings: rows.optional(),
  findings_left_out: z.number().optional(),
  columns: z.array(z.object({ name: z.string() })).optional(),
  untrusted_begin: z.string().optional(),
  rows: rows.optional(),
  untrusted_end: z.string().optional(),
  truncated: z.boolean().optional(),
  rehearsal: rehearsal.optional(),
  failure: z.looseObject({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  ...reconcileParts,
  ...baselineParts,
  ...schemaParts,
  ...verificationParts,
  next_cursor: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  next_steps: z.array(z.string()).optional(),
});

type Shown = z.output<typeof shown>;

const migrationColumns = [
  "version",
  "name",
  "state",
  "outcome",
  "file",
  "recorded_name",
  "same_as",
  "rows_affected",
  "duration_ms",
  "note",
  "applied_at",
  "rollback",
];
const phaseColumns = ["phase", "name", "state", "file", "rows_affected", "completed_at", "note"];
const tableColumns = ["table", "inserted", "updated", "deleted", "destroyed", "estimated"];
const lossColumns = ["object", "change", "rows", "rows_are", "cannot_come_back", "file", "line"];

/**
 * A report for people, in lines no longer than `width` where it is not SQL. Says all that they need to decide; the whole of it
 * is in --json.
 */
export function renderReport(report: object, width = anyWidth): string {
  const parts = shown.parse(report);
  const tableOf = (columns: readonly string[], list: z.output<typeof rows> | undefined): string =>
    list === undefined || list.length === 0 ? "" : renderTable(columns, list, width);
  const blocks = [
    wrapText(parts.summary, width),
    describePlace(parts),
    tableOf(migrationColumns, parts.migrations?.map(withoutUsualFile(parts.folder))),
    tableOf(phaseColumns, parts.phases),
    tableOf(Object.keys(parts.progress ?? {}), parts.progress === undefined ? [] : [parts.progress]),
    tableOf(tableColumns, parts.tables),
    ...reconcileBlocks(parts),
    tableOf(lossColumns, parts.losses),
    driftBlock(parts.drift),
    ...baselineBlocks(parts),
    noDriftBlock(parts.schema?.not_drift ?? parts.not_drift),
    describeScripts(parts.schema?.scripts ?? parts.scripts),
    (parts.schema?.not_replayed ?? []).map(describeNotRun).join("\n"),
    wrapText((parts.findings ?? []).map(describeFinding).join("\n"), width, "    "),
    parts.findings_left_out === undefined
      ? ""
      : `${parts.findings_left_out} more findings; see --json --all.`,
    fencedRows(parts, tableOf),
    renderSchema(parts),
    renderVerification(parts),
    parts.truncated === true ? "There is more than is shown." : "",
    describeSql(parts.sql),
    parts.rehearsal === undefined ? "" : renderRehearsal(parts.rehearsal),
    parts.failure === undefined ? "" : renderError({ error: parts.failure }, width),
    parts.plan_id === undefined ? "" : `plan_id ${parts.plan_id}`,
    renderList("warning:", (parts.warnings ?? []).map(inCommandWords), width),
    renderList("next:", (parts.next_steps ?? []).map(inCommandWords), width),
    parts.next_cursor === undefined ? "" : `There is another page: --cursor ${parts.next_cursor}`,
  ];
  return `${blocks
    .map((block) => printable(block).trimEnd())
    .filter((block) => block !== "")
    .join("\n\n")}\n`;
}

function describePlace({ target, against, folder, file }: Shown): string {
  return [
    target === undefined ? "" : `target  ${target}`,
    against === undefined ? "" : `against ${against}`,
    folder === undefined ? "" : `folder  ${folder}`,
    file === undefined ? "" : `file    ${file}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** A file that lies in the folder and is named as version and name say needs no column. */
function withoutUsualFile(folder: string | undefined) {
  return (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const usual = `${folder ?? ""}/${String(row["version"])}_${String(row["name"])}.sql`;
    return row["file"] === usual ? { ...row, file: undefined } : row;
  };
}

function describeFinding(finding: Readonly<Record<string, unknown>>): string {
  const [severity, code, rule, file, line, message, hint, needs, suppressed] = [
    "severity",
    "code",
    "rule",
    "file",
    "line",
    "message",
    "hint",
    "needs",
    "suppressed",
  ].map((key) => printable(finding[key] ?? ""));
  const place = file === "" ? "" : `${line === "" ? file : `${file}:${line}`}  `;
  const open = needs === "" ? "" : `\n    not known: ${needs}`;
  const allowed = suppressed === "" ? "" : `\n    allowed: ${suppressed}`;
  const name = rule === "" ? code : `${code} ${rule}`;
  const instead = hint === "" ? "" : `\n    instead: ${inCommandWords(hint ?? "")}`;
  return `${place}${severity} ${name}\n    ${message}${instead}${open}${allowed}`;
}

function describeSql(sql: Shown["sql"]): string {
  if (sql === undefined || typeof sql === "string") return sql ?? "";
  if (sql.to_against === "" && sql.to_target === "") return "";
  return `-- makes the target like the other database\n${sql.to_against}\n-- makes the other database like the target\n${sql.to_target}`;
}

/** The marks stay: an agent may read what a command prints. */
function fencedRows(
  { untrusted_begin: begin = "", columns = [], rows: list, untrusted_end: end = "" }: Shown,
  tableOf: (columns: readonly string[], list: Shown["rows"]) => string,
): string {
  const table = tableOf(
    columns.map(({ name }) => name),
    list,
  );
  return table === "" ? "" : [begin, table, end].filter((line) => line !== "").join("\n");
}

function describeScripts(given: z.output<typeof scripts> | undefined): string {
  return Object.entries(given ?? {})
    .map(([name, { proved, statements, hazards = [], because = [] }]) => {
      const harm = hazards.length === 0 ? "" : `; hazards ${hazards.join(", ")}`;
      const state = proved ? "proved on a copy" : "not proved";
      const reasons = because.map((reason) => `  ${inOneLine(reason, 300)}`);
      return [`${name}: ${statements} statements, ${state}${harm}`, ...reasons].join("\n");
    })
    .join("\n");
}
