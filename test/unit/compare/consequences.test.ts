import { describe, expect, it } from "vitest";
import { changeId } from "../../../src/engine/compare/change-id.ts";
import { findConsequences, firstCause } from "../../../src/engine/compare/consequences.ts";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { factKey, type Catalog, type Fact } from "../../../src/engine/model/catalog.ts";
import { catalog, fact, table } from "../plan/schema-change/catalog-builder.ts";

/** What is told of the differences, by their ids. */
function told(from: Catalog, to: Catalog): readonly string[] {
  const changes = diffCatalogs(from, to);
  const causes = findConsequences(changes);
  return changes
    .filter((change) => firstCause(change, causes) === change)
    .map(changeId)
    .toSorted();
}

const tableKey = (name: string) => factKey({ kind: "table", schema: "public", name });
const column = (within: string, name: string, attributes: Fact["attributes"] = {}) =>
  fact(
    { kind: "column", schema: "public", within, name },
    { parent: tableKey(within), attributes: { type: "integer", ...attributes } },
  );
const index = (within: string, name: string, attributes: Fact["attributes"] = {}) =>
  fact({ kind: "index", schema: "public", within, name }, { parent: tableKey(within), attributes });
const sequence = (rest: Partial<Fact>) => fact({ kind: "sequence", schema: "public", name: "ids" }, rest);
const partitioned = [...table("events", {}), ...table("events_1", { id: "integer" })];

describe("what comes of itself with another change", () => {
  it("is the index, the column and the check that partitions get from their table", () => {
    const own = index("events", "at");
    const to = catalog(
      ...partitioned,
      own,
      index("events_1", "at_1", { attachedTo: own.key }),
      column("events", "payload"),
      column("events_1", "payload", { inherited: true }),
    );
    const expected = [own.key, column("events", "payload").key].toSorted();
    expect(told(catalog(...partitioned), to)).toEqual(expected);
  });

  it("is nothing where two tables may have given an inherited column", () => {
    const inherited = column("events_1", "payload", { inherited: true });
    const others = [column("events", "payload"), column("orders", "payload")];
    const base = [...partitioned, ...table("orders", {})];
    expect(told(catalog(...base), catalog(...base, inherited, ...others))).toHaveLength(3);
  });

  it("is the sequence behind a column: made with its table, and of the column's type and the table's owner", () => {
    const id = column("orders", "id");
    const serial = sequence({ attributes: { ownedBy: id.key, owner: "postgres" } });
    const orders = table("orders", {});
    expect(told(catalog(), catalog(...orders, id, serial))).toEqual([tableKey("orders")]);

    const big = column("orders", "id", { type: "bigint" });
    const limits = (dataType: string, maximum: string) =>
      sequence({ parent: id.key, attributes: { dataType, maximum, identity: true } });
    expect(
      told(catalog(...orders, id, limits("integer", "1")), catalog(...orders, big, limits("bigint", "2"))),
    ).toEqual([`${id.key} type`]);

    const owned = (owner: string) =>
      catalog(...table("orders", {}, { owner }), id, sequence({ attributes: { ownedBy: id.key, owner } }));
    expect(told(owned("postgres"), owned("reader"))).toEqual([`${tableKey("orders")} owner`]);
  });

  it("is all that detaching a partition does to it", () => {
    const attached = (attributes: Fact["attributes"], inherited: Fact["attributes"]) =>
      catalog(
        ...table("events", {}),
        ...table("events_1", {}, attributes),
        column("events_1", "id", inherited),
      );
    const to = attached({}, {});
    const from = attached(
      { partitionOf: tableKey("events"), partitionBound: "for values in (1)" },
      { inherited: true },
    );
    expect(told(from, to)).toEqual([`${tableKey("events_1")} partitionOf`]);
  });

  it("is never an object of which only something else goes", () => {
    const own = index("events", "at");
    const from = catalog(...partitioned, own);
    const to = catalog(...partitioned, index("events_1", "at_1", { attachedTo: own.key }));
    expect(told(from, to)).toHaveLength(2);
  });
});
