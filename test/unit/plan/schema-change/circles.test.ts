import { describe, expect, test } from "vitest";
import { diffCatalogs } from "../../../../src/engine/compare/diff-catalogs.ts";
import { chooseAnew, refuseCircles } from "../../../../src/engine/plan/schema-change/circles.ts";
import { openWorld } from "../../../../src/engine/plan/schema-change/world.ts";
import { catalog, fact } from "./catalog-builder.ts";

const table = fact({ kind: "table", schema: "public", name: "a" });
const view = fact({ kind: "view", schema: "public", name: "v" });
const other = fact({ kind: "table", schema: "public", name: "b" });
const circle = [table, view].map(({ key }) => ({
  id: key,
  place: "make" as const,
  rank: 0,
  subject: key,
  drafts: [],
}));

describe("a circle of certain dependencies", () => {
  test("is opened by what holds no rows and is to be altered, once", () => {
    const world = openWorld(catalog(table, view), catalog(table, view));
    expect(chooseAnew(circle, world, new Set())).toBeUndefined();
    world.intents.set(table.key, "alter").set(view.key, "alter");
    expect(chooseAnew(circle, world, new Set())).toBe(view.key);
    expect(chooseAnew(circle, world, new Set([view.key]))).toBeUndefined();
  });

  test("that nothing opens is refused, with all that is in it and no more", () => {
    const changes = diffCatalogs(catalog(), catalog(table, view, other));
    const [refusal, ...others] = refuseCircles([circle], changes);
    expect(others).toEqual([]);
    expect(refusal?.changes.map(({ key }) => key)).toEqual([table.key, view.key]);
    expect(refusal?.reason).toContain(view.key);
  });
});
