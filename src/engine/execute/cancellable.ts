import { EngineError } from "../errors.ts";
import type { Session } from "../ports.ts";

/** Runs with the caller's signal connected to the server's cancel. */
export async function cancellable<T>(
  session: Session,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run();
  if (signal.aborted) throw new EngineError("cancelled", "The call was cancelled before the next statement.");
  const cancel = () => void session.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const result = await run();
    if (isAborted(signal)) throw new EngineError("cancelled", "The call was cancelled after this statement.");
    return result;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Asked anew: a signal changes while a statement runs. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
