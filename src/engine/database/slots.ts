import type { Place } from "../ports.ts";

/** Runs tasks, so many at a time; the others wait in line. */
export type Slots = <T>(task: () => Promise<T>, place?: Place) => Promise<T>;

/** What one line may have had more than the other and still be made up for. */
const longestCreditMs = 1000;

/**
 * Of two lines that wait, the one goes on that has had less time, so that neither keeps the other waiting for good, whatever the
 * number of tasks in it and however long they take.
 */
export function createSlots(count: number, nowMs: () => number = () => performance.now()): Slots {
  const lines = { first: [] as (() => void)[], last: [] as (() => void)[] };
  const state = { free: count, firstIsAheadMs: 0 };
  const take = async (place: Place): Promise<void> => {
    if (state.free === 0) return new Promise((resolve) => lines[place].push(resolve));
    state.free -= 1;
  };
  const give = (): void => {
    const [wanted, other] = state.firstIsAheadMs > 0 ? [lines.last, lines.first] : [lines.first, lines.last];
    const next = wanted.shift() ?? other.shift();
    if (next === undefined) state.free += 1;
    else next();
  };
  const charge = (place: Place, usedMs: number): void => {
    const aheadMs = state.firstIsAheadMs + (place === "first" ? usedMs : -usedMs);
    state.firstIsAheadMs = Math.max(-longestCreditMs, Math.min(longestCreditMs, aheadMs));
  };
  return async (task, place = "last") => {
    await take(place);
    const startedMs = nowMs();
    return task().finally(() => {
      charge(place, nowMs() - startedMs);
      give();
    });
  };
}
