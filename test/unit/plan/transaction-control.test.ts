import { describe, expect, it } from "vitest";
import { judgeTransactionControl, type ControlView } from "../../../src/engine/plan/transaction-control.ts";

const plain: ControlView = { verb: undefined, hasOptions: false, controlsInside: false };

/** Words as statements: a verb in capitals, or `-` for any other statement. */
function views(words: string): readonly ControlView[] {
  const verbs = new Map<string, ControlView["verb"]>([
    ["BEGIN", "BEGIN"],
    ["START", "START TRANSACTION"],
    ["COMMIT", "COMMIT"],
    ["ROLLBACK", "ROLLBACK"],
    ["SAVEPOINT", "SAVEPOINT"],
    ["RELEASE", "RELEASE"],
    ["BACK_TO", "ROLLBACK TO"],
    ["PREPARE", "PREPARE TRANSACTION"],
  ]);
  return words.split(" ").map((word) => ({ ...plain, verb: verbs.get(word) }));
}

describe("transaction control that asks for our own transaction", () => {
  it.each([
    ["- -", []],
    ["BEGIN - - COMMIT", [0, 3]],
    ["START - COMMIT", [0, 2]],
    ["- BEGIN - COMMIT", [1, 3]],
    ["- - COMMIT", [2]],
    ["- SAVEPOINT - BACK_TO RELEASE -", []],
  ])("is recorded and not sent: %s", (words, notSent) => {
    expect(judgeTransactionControl(views(words))).toEqual({ kind: "allowed", notSent: new Set(notSent) });
  });
});

describe("transaction control that would part the migration", () => {
  it.each([
    ["- COMMIT -", 1],
    ["BEGIN - COMMIT -", 2],
    ["BEGIN - COMMIT BEGIN - COMMIT", 2],
    ["BEGIN -", 0],
    ["- BEGIN", 1],
    ["BEGIN BEGIN - COMMIT", 1],
    ["- ROLLBACK", 1],
    ["BEGIN - PREPARE", 2],
  ])("is refused at its statement: %s", (words, index) => {
    expect(judgeTransactionControl(views(words))).toMatchObject({ kind: "refused", index });
  });

  it("is refused with options, and inside a block", () => {
    const begin = { ...plain, verb: "BEGIN", hasOptions: true } as const;
    expect(judgeTransactionControl([begin, ...views("- COMMIT")])).toMatchObject({
      kind: "refused",
      index: 0,
    });
    const block = { ...plain, controlsInside: true };
    expect(judgeTransactionControl([plain, block])).toMatchObject({ kind: "refused", index: 1 });
  });
});
