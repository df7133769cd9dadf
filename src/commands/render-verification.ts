import * as z from "zod";
import { inOneLine } from "./render-text.ts";

/** The parts of a report that tell of checks. */
export const verificationParts = {
  checks: z
    .array(
      z.object({
        check: z.string(),
        outcome: z.string(),
        what: z.string(),
        line: z.number(),
        have: z.string().optional(),
        want: z.string().optional(),
        note: z.string().optional(),
      }),
    )
    .optional(),
};

const report = z.object({
  ...verificationParts,
  file: z.string().optional(),
  untrusted_begin: z.string().optional(),
  untrusted_end: z.string().optional(),
});

/** What failed and what was skipped, with its place; what passed is a number in the summary. */
export function renderVerification(given: z.output<typeof report>): string {
  const { checks = [], file = "", untrusted_begin: begin, untrusted_end: end } = given;
  const open = checks.filter(({ outcome }) => outcome !== "passed");
  if (open.length === 0) return "";
  const blocks = open.map(({ check, outcome, what, line, have, want, note }) =>
    [
      `${file}:${line}  ${outcome}  ${check} ${inOneLine(what, 200)}`,
      ...(have === undefined ? [] : [`    have ${inOneLine(have, 500)}`]),
      ...(want === undefined ? [] : [`    want ${inOneLine(want, 500)}`]),
      ...(note === undefined ? [] : [`    ${inOneLine(note, 200)}`]),
    ].join("\n"),
  );
  return [begin, ...blocks, end].filter((line) => line !== undefined).join("\n");
}
