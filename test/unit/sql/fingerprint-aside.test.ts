import { expect, it } from "vitest";
import { fingerprintAside } from "../../../src/engine/sql/fingerprint-aside.ts";
import { isFingerprintKnown, sqlFingerprint } from "../../../src/engine/sql/token-stream.ts";

const row = "insert into app.t (id, body) values (1, 'a text that takes some room');\n";

it("a long text has the fingerprint of one that says the same, and is not read again", async () => {
  const long = row.repeat(20_000);
  expect(isFingerprintKnown(long)).toBe(false);
  const fingerprint = await fingerprintAside(long);
  expect(isFingerprintKnown(long)).toBe(true);
  expect(fingerprint).toBe(sqlFingerprint(`-- The same.\n${long}`));
  expect(fingerprint).not.toBe(sqlFingerprint(row));
});

it("a long text leaves the event loop to others meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await fingerprintAside(`-- Another one.\n${row.repeat(100_000)}`);
  clearInterval(timer);
  // Read here, it would let nobody in.
  expect(turns).toBeGreaterThan(10);
});
