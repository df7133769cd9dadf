import { EngineError } from "../errors.ts";
import { caretSnippet } from "../sql/position.ts";
import type { PlannedStatements } from "../sql/plan-statements.ts";

type Unplannable = Exclude<PlannedStatements, { kind: "planned" }>;

/** Why a migration's text cannot be planned, as the error to throw. */
export function describeUnplannable(
  planned: Unplannable,
  source: { readonly fileName: string; readonly sql: string },
): EngineError {
  const { fileName: file, sql } = source;
  switch (planned.kind) {
    case "syntax_error": {
      const { line, column, offset, message } = planned;
      const snippet = caretSnippet(sql, offset);
      return new EngineError("syntax_error", `${file}:${line}:${column}: ${message}.`, {
        file,
        // What a server answers to SQL that its grammar refuses (PostgreSQL 18, appendix A).
        sqlstate: "42601",
        line,
        column,
        snippet,
      });
    }
    case "unsupported": {
      const first = planned.found[0];
      if (first === undefined) throw new Error("an unsupported text has something that is not supported");
      const { line, column, offset, message } = first;
      const snippet = caretSnippet(sql, offset);
      return new EngineError("unsupported_sql", `${file}:${line}:${column}: ${message}`, {
        file,
        line,
        column,
        snippet,
      });
    }
    case "too_large":
      return new EngineError(
        "sql_too_large",
        `${file} has ${planned.actual} ${planned.measure}; at most ${planned.limit} can be run.`,
        { file },
      );
  }
}
