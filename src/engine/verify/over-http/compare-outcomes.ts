import type { AccessOutcome } from "../assertions/access.ts";
import type { Probe } from "../probe.ts";
import type { Answered } from "./read-answer.ts";

/** How an answer over HTTP stands to the one in SQL. */
export type Comparison = "same" | "shows_more" | "shows_less";

/**
 * The same question asked in two ways: rows are more than silence, and silence is more than a refusal. What the API does not
 * show agrees with what SQL does not give. How many rows counts where the spec says how many.
 */
export function compareOutcomes(
  { expect }: Pick<Probe, "expect">,
  inSql: AccessOutcome,
  overHttp: Answered,
): Comparison {
  if (overHttp.kind === "hidden") return inSql.kind === "rows" ? "shows_less" : "same";
  if (inSql.kind === "rows" && overHttp.kind === "rows" && typeof expect === "number")
    return toComparison(overHttp.rows - inSql.rows);
  return toComparison(rank(overHttp) - rank(inSql));
}

function toComparison(difference: number): Comparison {
  if (difference === 0) return "same";
  return difference > 0 ? "shows_more" : "shows_less";
}

function rank({ kind }: AccessOutcome): number {
  return { rows: 2, silence: 1, refusal: 0, error: 0 }[kind];
}
