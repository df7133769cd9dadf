import { describe, expect, it } from "vitest";
import { orderSteps, type Edge } from "../../../../src/engine/plan/schema-change/order-steps.ts";

const items = (...ids: readonly string[]) => ids.map((id) => ({ id, rank: 0 }));
const edge = (before: string, after: string, strength: Edge["strength"] = "certain"): Edge => ({
  before,
  after,
  strength,
});
const idsOf = (ordered: readonly { readonly id: string }[]) => ordered.map(({ id }) => id);

describe("the order of steps", () => {
  it("keeps the order given where no edge and no rank decides", () => {
    expect(idsOf(orderSteps(items("c", "a", "b"), []).ordered)).toEqual(["c", "a", "b"]);
  });

  it("puts what is needed before what needs it, however late it was given", () => {
    const { ordered, circles } = orderSteps(items("view", "table", "schema"), [
      edge("table", "view"),
      edge("schema", "table"),
    ]);
    expect(idsOf(ordered)).toEqual(["schema", "table", "view"]);
    expect(circles).toEqual([]);
  });

  it("takes the lower rank first among what is free", () => {
    const ranked = [
      { id: "grant", rank: 9 },
      { id: "table", rank: 1 },
      { id: "schema", rank: 5 },
    ];
    expect(idsOf(orderSteps(ranked, [edge("schema", "table")]).ordered)).toEqual([
      "schema",
      "table",
      "grant",
    ]);
  });

  it("lets a guess give way where edges close a circle", () => {
    const { ordered, circles } = orderSteps(items("a", "b"), [edge("a", "b"), edge("b", "a", "guess")]);
    expect(idsOf(ordered)).toEqual(["a", "b"]);
    expect(circles).toEqual([]);
  });

  it("orders every item and names the circle where certain edges close a circle", () => {
    const { ordered, circles } = orderSteps(items("a", "b", "c"), [
      edge("a", "b"),
      edge("b", "a"),
      edge("b", "c"),
    ]);
    expect(idsOf(ordered).toSorted()).toEqual(["a", "b", "c"]);
    expect(circles.map(idsOf)).toHaveLength(1);
  });

  it("ignores edges to what is not there", () => {
    expect(idsOf(orderSteps(items("a"), [edge("gone", "a"), edge("a", "gone")]).ordered)).toEqual(["a"]);
  });
});
