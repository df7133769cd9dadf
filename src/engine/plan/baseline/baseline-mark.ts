import { parseHeader } from "../../files/header.ts";

/** What a baseline's file and history entry are called. */
export const baselineName = "baseline";

const mark = "baseline made by Godwit";

/** The header's context line, by which a baseline is known again. */
export function baselineContext(from: "live" | "files"): string {
  const source = from === "live" ? "the live schema" : "what the migration files produce";
  return `${mark} from ${source}; it holds no rows of tables but buckets, queues and cron jobs`;
}

/** True for a file that create_baseline has written. */
export function isBaseline(sql: string): boolean {
  return parseHeader(sql).context?.startsWith(mark) === true;
}
