import { describe, expect, it } from "vitest";
import { foldArrayCasts } from "../../../src/engine/compare/fold-array-casts.ts";

describe("a cast of an array constructor", () => {
  it("is written as the server writes it after reading it once", () => {
    const stored =
      "CHECK (((role)::text = ANY ((ARRAY['a'::character varying, 'it''s, ]'::character varying])::text[])))";
    const replayed =
      "CHECK (((role)::text = ANY (ARRAY[('a'::character varying)::text, ('it''s, ]'::character varying)::text])))";
    expect(foldArrayCasts(stored)).toBe(replayed);
    expect(foldArrayCasts(replayed)).toBe(replayed);
  });

  it("is found as often as it is there", () => {
    expect(foldArrayCasts("a ((ARRAY[1])::numeric(10,2)[]) b ((ARRAY[f(x, y), z])::public.t[])")).toBe(
      "a (ARRAY[(1)::numeric(10,2)]) b (ARRAY[(f(x, y))::public.t, (z)::public.t])",
    );
  });

  it.each([
    "select '((ARRAY[1])::text[])'",
    'select "((ARRAY[1])::text[])" from t',
    "((ARRAY[1])::text)",
    "((ARRAY['open",
    "((ARRAY[1, 2]) || x)",
    "select E'\\'((ARRAY[1])::text[])'",
  ])("is left alone where it is none: %s", (text) => {
    expect(foldArrayCasts(text)).toBe(text);
  });
});
