import { expect, test } from "vitest";
import { createSlots } from "../../../src/engine/database/slots.ts";
import type { Place } from "../../../src/engine/ports.ts";

/** One slot that is held until it is let go; then what was queued runs, each for as long as it says, and is listed as it starts. */
function createLine() {
  const clock = { ms: 0 };
  const inSlot = createSlots(1, () => clock.ms);
  const started: string[] = [];
  const work: Promise<unknown>[] = [];
  const hold = () => {
    let letGo = (): void => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    work.push(inSlot(() => isLetGo));
    return async () => {
      letGo();
      await Promise.all(work);
      return started;
    };
  };
  const queue = (name: string, place: Place, takesMs: number) => {
    const task = async () => {
      started.push(name);
      clock.ms += takesMs;
    };
    work.push(inSlot(task, place));
  };
  return { hold, queue };
}

test("what goes first does not wait for the line", async () => {
  const line = createLine();
  const run = line.hold();
  for (const name of ["a", "b", "c"]) line.queue(name, "last", 1);
  line.queue("writer", "first", 1);
  expect(await run()).toEqual(["writer", "a", "b", "c"]);
});

test("a line of what goes first leaves the others as much time as it takes", async () => {
  const line = createLine();
  const run = line.hold();
  for (const name of ["A", "B", "C"]) line.queue(name, "first", 20);
  for (const name of ["a", "b", "c", "d", "e", "f"]) line.queue(name, "last", 10);
  expect(await run()).toEqual(["A", "a", "b", "B", "c", "d", "C", "e", "f"]);
});

test("an hour of the one alone gives the other no more than a second of credit", async () => {
  const line = createLine();
  const run = line.hold();
  line.queue("hour", "last", 3_600_000);
  await run();
  const runNext = line.hold();
  for (const name of ["A", "B", "C"]) line.queue(name, "first", 600);
  line.queue("a", "last", 10);
  expect(await runNext()).toEqual(["hour", "A", "B", "a", "C"]);
});

test("a task that fails gives its slot back", async () => {
  const inSlot = createSlots(1);
  await expect(inSlot(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await inSlot(async () => "next")).toBe("next");
});
