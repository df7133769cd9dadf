import * as z from "zod";

/** Fields that every report has; short, because clients read them, not models. */
export const reportParts = {
  summary: z.string(),
  warnings: z.array(z.string()).readonly().exactOptional(),
  next_steps: z.array(z.string()).readonly().exactOptional(),
};

/** Findings by what a script decides on: code, severity and place; the rest is passed on as it is. */
export const findings = z
  .array(
    z.object({
      code: z.string(),
      severity: z.string(),
      message: z.string(),
      file: z.string().exactOptional(),
    }),
  )
  .readonly();

/** True where one finding is an error. */
export function hasErrorFinding(list: readonly { readonly severity: string }[] | undefined): boolean {
  return list?.some((finding) => finding.severity === "error") ?? false;
}
