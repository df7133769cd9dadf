import { EngineError } from "../errors.ts";
import { splitBothWays } from "../sql/both-ways.ts";
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

/** Throws `unsupported_sql` for a file that holds its way back as well: run whole, it would undo at once what it does. */
export function refuseBothWays({
  fileName: file,
  sql,
}: {
  readonly fileName: string;
  readonly sql: string;
}): void {
  const split = splitBothWays(sql);
  if (split === undefined) return;
  throw new EngineError(
    "unsupported_sql",
    `${file}:${split.downLine}: The file holds its way back as well, as another tool runs it; run whole, it would undo at once what it does.`,
    {
      file,
      line: split.downLine,
      hint: 'reconcile_history { actions: ["convert_names"] } plans to make the way back its rollback block. Nothing was run.',
    },
  );
}
