import { describe, expect, it } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { factKey, type Catalog } from "../../../src/engine/model/catalog.ts";
import { listLacking } from "../../../src/engine/prove/lacking.ts";
import { catalog, fact, table } from "../plan/schema-change/catalog-builder.ts";

const users = fact({ kind: "table", schema: "auth", name: "users" }, { provenance: "platform" });
const ordersKey = factKey({ kind: "table", schema: "public", name: "orders" });
const key = fact(
  { kind: "constraint", schema: "public", within: "orders", name: "of_user" },
  { parent: ordersKey, attributes: { type: "foreign key" }, dependsOn: [users.key] },
);
const reader = fact(
  { kind: "grant", name: "SELECT", on: ordersKey, grantee: { kind: "role", name: "reader" } },
  { parent: ordersKey },
);

const reasons = (from: Catalog, to: Catalog, roles: readonly string[]) =>
  listLacking(diffCatalogs(from, to), { catalog: from, roles: new Set(roles), goal: to }).map(
    ({ reason }) => reason,
  );

describe("what a script takes for given", () => {
  const bare = catalog(...table("orders", {}));

  it("is lacking where it is the platform's and not there, or a role that the server has not", () => {
    const goal = catalog(...table("orders", {}), users, key, reader);
    expect(reasons(bare, goal, ["postgres"])).toEqual([
      expect.stringContaining('table "auth"."users"'),
      expect.stringContaining('role "reader"'),
    ]);
  });

  it("is not lacking where it is there, where the script makes it, or where something goes", () => {
    const goal = catalog(...table("orders", {}), users, key, reader);
    expect(reasons(catalog(...table("orders", {}), users), goal, ["postgres", "reader"])).toEqual([]);
    expect(reasons(goal, catalog(...table("orders", {}), users), [])).toEqual([]);
    const own = fact(users.id);
    expect(reasons(bare, catalog(...table("orders", {}), own, key), ["postgres"])).toEqual([]);
  });
});
