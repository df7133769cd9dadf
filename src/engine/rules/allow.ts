import { lex } from "../sql/lex.ts";
import type { PlannedPiece } from "../sql/plan-statements.ts";

/** `-- godwit:allow <id> <reason>` above a statement. */
export interface Allowance {
  /** As written, in upper case. */
  readonly id: string;
  readonly reason: string;
  /** One-based, of the statement that it stands above. */
  readonly statement: number;
  /** Lines below the beginning of the piece that it stands in. */
  readonly lineOffset: number;
}

const pattern = /^--\s*godwit:allow\b[ \t]*(\S*)[ \t]*(.*?)\s*$/i;

/** The allowances that stand above the statements of a migration, in their order. They are part of what a plan's id digests. */
export function readAllowances(pieces: readonly PlannedPiece[]): readonly Allowance[] {
  return pieces.flatMap(({ text }, index) => {
    if (!/godwit:allow/i.test(text)) return [];
    return lex(text).flatMap(({ kind, start, end }): readonly Allowance[] => {
      const match = kind === "comment" ? pattern.exec(text.slice(start, end)) : null;
      if (match === null) return [];
      const lineOffset = text.slice(0, start).split("\n").length - 1;
      return [
        { id: (match[1] ?? "").toUpperCase(), reason: match[2] ?? "", statement: index + 1, lineOffset },
      ];
    });
  });
}
