import type { Session } from "../ports.ts";
import { listSteps, replayFile, type ReplayFile, type ReplayFinding } from "./replay-file.ts";

/** A statement, by its file's place in the list and the offset that it starts at. */
export interface Place {
  readonly file: number;
  readonly start: number;
}

/** By the file's place in the list: the statements, by their start, that ended a shadow, and why. */
export type Skipped = ReadonlyMap<number, ReadonlyMap<number, string>>;

/** Runs the files from `place` on, each in a session as new, and leaves the session so. Rejects only where the connection is lost. */
export async function replayInOrder(parts: {
  readonly session: Session;
  readonly files: readonly ReplayFile[];
  readonly place: number;
  readonly skipped: Skipped;
  readonly startClean: () => Promise<void>;
  readonly onStatement: (place: Place) => void;
}): Promise<readonly ReplayFinding[]> {
  const { session, files, place, skipped, startClean, onStatement } = parts;
  const findings: ReplayFinding[] = [];
  await startClean();
  for (const [index, file] of files.entries()) {
    if (index < place) continue;
    const steps = listSteps(file, skipped.get(index) ?? new Map());
    const tell = ({ start }: { readonly start: number }) => onStatement({ file: index, start });
    findings.push(...(await replayFile({ session, file, steps, onStatement: tell })));
    await startClean();
  }
  return findings;
}
