import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sendTogether } from "../../../src/engine/database/send-together.ts";

test("the answers come in the order of the calls", async () => {
  const slow = sleep(5).then(() => "slow");
  expect(await sendTogether(slow, Promise.resolve(2))).toEqual(["slow", 2]);
});

test("the first call that failed is thrown, once all have ended", async () => {
  let hasEnded = false;
  const first = sleep(5).then(() => Promise.reject(new Error("first")));
  const last = sleep(10).then(() => (hasEnded = true));
  const failing = sendTogether(Promise.resolve(), first, Promise.reject(new Error("second")), last);
  await expect(failing).rejects.toThrow("first");
  expect(hasEnded).toBe(true);
});
