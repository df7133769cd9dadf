import { expect, test } from "vitest";
import { listFew } from "../../../src/engine/model/list-few.ts";

test("a list for a sentence names the first few and counts the rest", () => {
  const shout = (name: string) => name.toUpperCase();
  expect(listFew([], 2, shout)).toBe("");
  expect(listFew(["a", "b"], 2, shout)).toBe("A, B");
  expect(listFew(["a", "b", "c", "d"], 2, shout)).toBe("A, B and 2 more");
});
