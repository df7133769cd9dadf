import type { ApiFinding, CheckPlace, HttpResult } from "../model/verify-report.ts";
import type { Fence } from "./fence.ts";

interface AskedApi {
  readonly results: readonly HttpResult[];
  /** Shown path of the spec. */
  readonly file: string;
}

/** What is worth telling of a project's HTTP API: each check that it answered otherwise, then what gave no answer, grouped by why. */
export function describeApiFindings({ results, file }: AskedApi, fence: Fence): readonly ApiFinding[] {
  const differences = results.flatMap((result): readonly ApiFinding[] => {
    if (result.kind === "shows_more" || result.kind === "shows_less") {
      const { at, overHttp, inSql } = result;
      const answers = `${fence.wrap(overHttp)} over HTTP, ${fence.wrap(inSql)} in SQL`;
      return [{ ...differing[result.kind], message: `${nameOf(at)}: ${answers}.`, file, line: at.line }];
    }
    if (result.kind !== "kept") return [];
    return [{ ...kept, message: `${nameOf(result.at)}: ${keptFact}`, file, line: result.at.line }];
  });
  return [...differences, ...groupByWhy(results, "unanswered"), ...groupByWhy(results, "unasked")];
}

const differing = {
  shows_more: {
    code: "http_shows_more",
    severity: "error",
    hint: "See that the address is this database's API; then look for what lets the role in there: the schema that it shows, a cache or a gateway before it.",
  },
  shows_less: {
    code: "http_shows_less",
    severity: "warning",
    hint: "See that the address is this database's API, that it shows the schema, and that its schema cache is fresh: notify pgrst, 'reload schema'.",
  },
} as const;

const keptFact = "the API took the write and did not say that it rolled back.";

const kept = {
  code: "http_kept_write",
  severity: "error",
  hint: "Look for the row and delete it; take writes out of what this API is asked.",
} as const;

const ungiven = {
  unanswered: {
    code: "http_unanswered",
    severity: "error",
    hint: "Check SUPABASE_URL and the keys, and that the API runs; without them only SQL is asked.",
  },
  unasked: {
    code: "http_not_asked",
    severity: "info",
    hint: "Set what is wanted, where these checks should be asked over HTTP, too (docs/verify.md).",
  },
} as const;

function groupByWhy(results: readonly HttpResult[], kind: "unanswered" | "unasked"): readonly ApiFinding[] {
  const counts = new Map<string, number>();
  for (const result of results)
    if (result.kind === kind) counts.set(result.why, (counts.get(result.why) ?? 0) + 1);
  return [...counts].map(([why, count]) => {
    const checks = count === 1 ? "1 access check" : `${count} access checks`;
    const message =
      kind === "unasked"
        ? `${checks} not asked over HTTP: ${why}.`
        : `${checks} without an answer of the API: ${why}.`;
    return { ...ungiven[kind], message };
  });
}

function nameOf({ check, what }: CheckPlace): string {
  return `${check} ${what}`;
}
