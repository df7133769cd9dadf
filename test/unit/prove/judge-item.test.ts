import { describe, expect, test } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import type { Change } from "../../../src/engine/model/catalog.ts";
import type { ClosedGap } from "../../../src/engine/prove/close-gap.ts";
import { judgeItems } from "../../../src/engine/prove/judge-item.ts";
import { catalog, fact } from "../catalog/builders.ts";

const table = fact({ kind: "table", schema: "public", name: "a" });
const column = fact(
  { kind: "column", schema: "public", within: "a", name: "b" },
  { type: "text" },
  { parent: table.key },
);
const wider = { ...column, attributes: { type: "text", notNull: true } };
const [change] = diffCatalogs(catalog([table, column]), catalog([table, wider]));
if (change === undefined) throw new Error("The two columns are equal.");

const closed: ClosedGap = {
  statements: [],
  refusals: [],
  candidates: [],
  offered: [],
  unanswered: [],
  waiting: [],
  failures: [],
  left: [],
};
const statement = {
  sql: "alter",
  subject: table.key,
  closes: [],
  hazards: [],
  startsNewTransaction: false,
} as const;
const judge = (gap: Partial<ClosedGap>, one: Change = change) => judgeItems({ ...closed, ...gap })(one);

describe("a difference", () => {
  test("is proved where nothing failed and nothing is left", () => {
    expect(judge({})).toBeUndefined();
  });

  test("is not proved where the copy was lost, a statement was refused or it waits for an answer", () => {
    expect(judge({ copyLost: "killed" })).toMatch(/killed/);
    expect(judge({ refusals: [{ key: column.key, changes: [change], reason: "not in place" }] })).toBe(
      "not in place",
    );
    expect(judge({ waiting: [change] })).toMatch(/renames/);
  });

  test("is not proved where a statement about its object failed", () => {
    expect(judge({ failures: [{ statement, cause: "no such table" }] })).toMatch(/no such table/);
  });

  test("is not proved where it is left, with what failed elsewhere as the likely cause", () => {
    expect(judge({ left: [change] })).toMatch(/still differs/);
    const elsewhere = { ...statement, subject: fact({ kind: "table", schema: "x", name: "y" }).key };
    expect(judge({ left: [change], failures: [{ statement: elsewhere, cause: "full" }] })).toMatch(/full/);
  });

  test("is not proved where its object is missing as a whole afterwards", () => {
    const [gone] = diffCatalogs(catalog([table]), catalog([table, column]));
    expect(judge({ left: gone === undefined ? [] : [gone] }, gone)).toMatch(/still differs/);
  });
});
