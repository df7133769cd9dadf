import { isCommentOnly, splitStatements } from "../../sql/split.ts";
import { sqlFingerprint } from "../../sql/token-stream.ts";
import { adoptedText } from "./adopted-text.ts";

/**
 * The text of a migration with those statements of an edited file that were not applied; where statements went or changed, a comment
 * says so, because what undoes them is for somebody to write.
 */
export function newStatements(edited: string, recorded: readonly string[], fileName: string): string {
  const left = new Map<string, number>();
  for (const { text } of recorded.flatMap((element) => splitStatements(element))) {
    const fingerprint = sqlFingerprint(text);
    left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  }
  const fresh = splitStatements(edited).filter(({ text }) => {
    const count = left.get(sqlFingerprint(text)) ?? 0;
    if (count > 0) left.set(sqlFingerprint(text), count - 1);
    return count === 0 && !isCommentOnly(text);
  });
  const gone = [...left].reduce(
    (sum, [fingerprint, count]) => sum + (fingerprint === nothing ? 0 : count),
    0,
  );
  const lost =
    gone === 0
      ? []
      : [
          `-- ${gone} applied ${gone === 1 ? "statement is" : "statements are"} not in the edited file: write here what changes or undoes ${gone === 1 ? "it" : "them"}.`,
        ];
  return [
    `-- Statements of ${fileName} that were written after it was applied.`,
    ...lost,
    "",
    adoptedText(fresh.map(({ text }) => text)) ?? "",
  ].join("\n");
}

const nothing = sqlFingerprint("");
