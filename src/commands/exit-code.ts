import { errorTable, type ErrorCode, type ErrorKind } from "../engine/index.ts";
import type { ToolAnswer } from "../tools/index.ts";

/** What a command's exit code says: well, an unwelcome answer, wrong use, target unreachable, refused or not confirmed. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

const ofKind: Readonly<Record<ErrorKind, ExitCode>> = { failed: 1, usage: 2, unreachable: 3, refused: 4 };

/** The exit code for an error that was thrown. */
export function exitCodeOfError(code: string): ExitCode {
  return isErrorCode(code) ? ofKind[errorTable[code].kind] : 1;
}

/** The exit code for an answer; a step that failed because the target was lost counts as unreachable. */
export function exitCodeOfAnswer({ report, isUnwelcome }: ToolAnswer): ExitCode {
  if (!isUnwelcome) return 0;
  if ("status" in report && report.status === "confirmation_required") return 4;
  const failure: unknown = "failure" in report ? report.failure : undefined;
  const code =
    typeof failure === "object" && failure !== null && "code" in failure ? String(failure.code) : "";
  return exitCodeOfError(code) === 3 ? 3 : 1;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
