import { randomUUID } from "node:crypto";
import { EngineError, errorTable } from "./engine/index.ts";

/** A fault in Godwit: anything thrown that is not an `EngineError`. Goes to the log; the caller is told its id only. */
export interface Fault {
  readonly id: string;
  readonly during: string;
  readonly error: unknown;
}

export type ReportFault = (fault: Fault) => void;

/** What a caller is told about an error, in every door. */
export interface ErrorAnswer {
  readonly error: Readonly<Record<string, unknown>> & {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  };
}

/** Longer texts are cut: Claude Code cuts an error at about 11,000 characters, and an agent needs less. */
const longestText = 1500;

/** Turns whatever was thrown into an answer; a fault is reported under the id that the answer names. */
export function toErrorAnswer(thrown: unknown, during: string, reportFault: ReportFault): ErrorAnswer {
  if (thrown instanceof EngineError) return describeEngineError(thrown);
  const id = randomUUID();
  reportFault({ id, during, error: thrown });
  return {
    error: {
      code: "internal_error",
      message: `${during} met a fault in Godwit; the log has it under ${id}.`,
      hint: errorTable.internal_error.hint,
      id,
    },
  };
}

function describeEngineError(error: EngineError): ErrorAnswer {
  const { hint: _, ...details } = error.details;
  return {
    error: { code: error.code, message: cut(error.message), hint: cut(error.hint), ...cutAll(details) },
  };
}

function cutAll(details: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(details)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [
        toSnakeCase(key),
        typeof value === "string" ? cut(value) : value,
      ]),
  );
}

function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}
