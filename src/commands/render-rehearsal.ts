import * as z from "zod";
import { renderTable } from "./render-text.ts";

const texts = z.array(z.string()).optional();
const rows = z.array(z.record(z.string(), z.unknown())).readonly().optional();

const finding = z.object({
  level: z.string(),
  check: z.string(),
  object: z.string(),
  detail: z.string().optional(),
  message: z.string(),
});

type Finding = z.output<typeof finding>;

/** What a rehearsal has measured, as far as people are shown it. */
export const rehearsal = z.object({
  rows,
  new_findings: z.array(finding).optional(),
  access_changes: texts,
  schema_changes: texts,
  statements: z
    .array(
      z.looseObject({
        line: z.number().optional(),
        command: z.string(),
        duration_ms: z.number(),
        locks: texts,
        rewrites: texts,
        scans: texts,
      }),
    )
    .optional(),
  left_behind: texts,
  not_rehearsed: z
    .array(z.object({ line: z.number(), command: z.string(), expected: z.string() }))
    .optional(),
  limits: texts,
});

type Rehearsal = z.output<typeof rehearsal>;

/** What a rehearsal has measured, for people: what it comes to first, statement by statement then. */
export function renderRehearsal(given: Rehearsal): string {
  const blocks = [
    table(["table", "inserted", "updated", "deleted", "destroyed", "estimated"], given.rows),
    list("new advisor findings:", given.new_findings?.map(describeFinding)),
    list("who may do what:", given.access_changes),
    list("schema:", given.schema_changes),
    list("statements:", given.statements?.map(describeStatement)),
    list("a rollback does not take back:", given.left_behind),
    list(
      "not rehearsed:",
      given.not_rehearsed?.map(({ line, command, expected }) => `line ${line}, ${command}: ${expected}`),
    ),
    list("not known:", given.limits),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function describeFinding({ level, check, object, detail, message }: Finding): string {
  return `${level} ${check}, ${object}${detail === undefined ? "" : `, ${detail}`}: ${message}`;
}

function describeStatement(statement: NonNullable<Rehearsal["statements"]>[number]): string {
  const { line, command, duration_ms: ms, locks = [], rewrites = [], scans = [] } = statement;
  const did = [
    locks.join(", "),
    rewrites.length === 0 ? "" : `writes anew ${rewrites.join(", ")}`,
    scans.length === 0 ? "" : `reads all of ${scans.join(", ")}`,
  ].filter((part) => part !== "");
  return `${line === undefined ? "at the end" : `line ${line}`}, ${command}, ${ms} ms${did.length === 0 ? "" : `: ${did.join("; ")}`}`;
}

function table(columns: readonly string[], given: z.output<typeof rows>): string {
  return given === undefined || given.length === 0 ? "" : renderTable(columns, given);
}

function list(title: string, items: readonly string[] | undefined): string {
  return items === undefined || items.length === 0
    ? ""
    : `${title}\n${items.map((item) => `  ${item}`).join("\n")}`;
}
