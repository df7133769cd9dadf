import { describe, expect, it } from "vitest";
import { countFitting, firstPage, lastPage } from "../../../src/engine/report/page.ts";

const letters = [..."abcdefghij"];
const wide = { limit: 4, maxCharacters: 1000, cursor: undefined };

describe("a page from the end", () => {
  it("holds the newest first and leads back to the oldest, each item once", () => {
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = lastPage(letters, { ...wide, cursor });
      pages.push([...page.items]);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([[..."ghij"], [..."cdef"], [..."ab"]]);
  });

  it("ends at a size too, and is never empty", () => {
    expect(lastPage(letters, { ...wide, maxCharacters: 8 }).items).toEqual(["i", "j"]);
    expect(lastPage(letters, { ...wide, maxCharacters: 1 }).items).toEqual(["j"]);
  });
});

describe("a page from the beginning", () => {
  it("leads to the end, each item once", () => {
    const first = firstPage(letters, wide);
    const second = firstPage(letters, { ...wide, cursor: first.nextCursor });
    const third = firstPage(letters, { ...wide, cursor: second.nextCursor });
    expect([...first.items, ...second.items, ...third.items]).toEqual(letters);
    expect(third.nextCursor).toBeUndefined();
  });
});

describe("a cursor", () => {
  it.each(["", "9", "before:-1", "from:3", "before:1e3", "before:99999999999", "x".repeat(5000)])(
    "that the tool did not answer is refused: %s",
    (cursor) => {
      expect(() => lastPage(letters, { ...wide, cursor })).toThrow(
        expect.objectContaining({ code: "invalid_cursor" }),
      );
    },
  );
});

it("an empty list has an empty page", () => {
  expect(lastPage([], wide)).toEqual({ items: [], total: 0, nextCursor: undefined });
  expect(countFitting([], 10)).toBe(0);
});
