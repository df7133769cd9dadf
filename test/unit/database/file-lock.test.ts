import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeFileLock, withFileLock } from "../../../src/engine/database/file-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "godwit-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockPath = (): string => join(folder, "data.lock");

/** Larger than any process id Linux gives (PID_MAX_LIMIT, 2^22). */
const deadPid = 2 ** 22 + 1;

test("a lock is held once, names its holder, and is free again after its release", async () => {
  const first = await takeFileLock(lockPath());
  expect(await takeFileLock(lockPath())).toEqual({ kind: "taken", pid: process.pid });
  if (first.kind === "held") await first.release();
  expect((await takeFileLock(lockPath())).kind).toBe("held");
});

test.each([
  ["of a dead process", JSON.stringify({ pid: deadPid, token: "old" })],
  [
    "of an earlier process with an id in use again",
    JSON.stringify({ pid: process.pid, startedAt: "before", token: "old" }),
  ],
  ["that is empty, as a crash leaves it", ""],
])("a lock %s is taken over by exactly one of many", async (_, content) => {
  writeFileSync(lockPath(), content);
  const locks = await Promise.all(Array.from({ length: 20 }, () => takeFileLock(lockPath())));
  expect(locks.filter((lock) => lock.kind === "held")).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(["data.lock"]);
});

test("who died while taking over does not block the next", async () => {
  writeFileSync(lockPath(), JSON.stringify({ pid: deadPid, token: "old" }));
  writeFileSync(`${lockPath()}.takeover`, JSON.stringify({ pid: deadPid, token: "older" }));
  expect((await takeFileLock(lockPath())).kind).toBe("held");
});

test("waiting users run one after the other", async () => {
  let running = 0;
  const peaks = await Promise.all(
    [1, 2, 3].map(() =>
      withFileLock(lockPath(), async () => {
        running += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        const peak = running;
        running -= 1;
        return peak;
      }),
    ),
  );
  expect(peaks).toEqual([1, 1, 1]);
});
