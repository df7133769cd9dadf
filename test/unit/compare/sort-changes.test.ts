import { describe, expect, test } from "vitest";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import { changeId } from "../../../src/engine/compare/change-id.ts";
import { setAside, sortChanges } from "../../../src/engine/compare/sort-changes.ts";
import { factKey, type Fact, type ObjectId } from "../../../src/engine/model/catalog.ts";
import { catalog, fact } from "../catalog/builders.ts";

const platform = { provenance: "platform" } as const;
const users: ObjectId = { kind: "table", schema: "auth", name: "users" };
const usersKey = factKey(users);
const objects: ObjectId = { kind: "table", schema: "storage", name: "objects" };
const partOf = (id: ObjectId, attributes = {}): Fact =>
  fact(id, attributes, { ...platform, parent: factKey(id.schema === "auth" ? users : objects) });
const column = (name: string, schema = "auth"): Fact =>
  partOf({ kind: "column", schema, within: schema === "auth" ? "users" : "objects", name }, { type: "text" });
const index = (schema: string): Fact =>
  partOf({ kind: "index", schema, within: schema === "auth" ? "users" : "objects", name: "by_hand" });
const grantTo = (role: string): Fact =>
  fact(
    { kind: "grant", name: "SELECT", on: usersKey, grantee: { kind: "role", name: role } },
    {},
    {
      ...platform,
      parent: usersKey,
    },
  );
const base = [fact(users, {}, platform), fact(objects, {}, platform)];

function sort(
  live: readonly Fact[],
  files: readonly Fact[],
  isWithShadow = true,
  versions = [170_010, 180_006],
) {
  const [from, to] = [catalog(live, versions[0]), catalog(files, versions[1])];
  const { drift, platform: theirs } = sortChanges(diffCatalogs(from, to), { from, to, isWithShadow });
  return { drift: drift.map(changeId), platform: theirs.map(({ reason }) => reason) };
}

describe("whose a difference is", () => {
  test("an index, a column or a grant too many on a platform's table is the project's", () => {
    const added = [index("auth"), column("mine"), grantTo("anon")];
    const { drift, platform: theirs } = sort([...base, ...added], base);
    expect(drift.toSorted()).toEqual(added.map(({ key }) => key).toSorted());
    expect(theirs).toEqual([]);
  });

  test("nobody can tell in a schema of which the platform has another version, and in the others still can", () => {
    const altered = [fact(users, { owner: "other" }, platform), ...base.slice(1)];
    const { drift, platform: theirs } = sort([...altered, index("auth"), index("storage")], base);
    expect(drift).toEqual([index("storage").key]);
    expect(theirs).toEqual(["platform_object", "platform_object"]);
  });

  test("what a missing platform table has is missing with it, and is the platform's", () => {
    expect(sort([...base, column("x")], base.slice(1))).toEqual({
      drift: [],
      platform: ["platform_object", "platform_object"],
    });
  });

  test("grants to the platform's own roles are the platform's, and row security turned off is the project's", () => {
    const off = [fact(users, {}, platform), ...base.slice(1), grantTo("supabase_auth_admin")];
    const on = [fact(users, { rowSecurity: true }, platform), ...base.slice(1)];
    expect(sort(off, on)).toEqual({ drift: [], platform: ["platform_object", "platform_object"] });
    expect(sort(off.slice(0, 2), on).drift).toEqual([`${usersKey} rowSecurity`]);
  });

  test("an extension's version counts between servers of one major only, its schema always", () => {
    const extension = (version: string, schema: string) => [
      fact({ kind: "extension", name: "citext" }, { version, schema }),
    ];
    const [one, other] = [extension("1.5", "public"), extension("1.6", "public")];
    expect(sort(one, other, false, [170_010, 170_004]).drift).toHaveLength(1);
    expect(sort(one, other, false, [150_020, 170_010])).toEqual({
      drift: [],
      platform: ["extension_version"],
    });
    expect(sort(one, other)).toEqual({ drift: [], platform: ["extension_version"] });
    expect(sort(one, extension("1.5", "extensions")).drift).toHaveLength(1);
  });

  test("what extensions and the history hold is neither side's", () => {
    const theirs = [
      fact({ kind: "table", schema: "supabase_migrations", name: "x" }, {}, platform),
      fact(
        { kind: "function", schema: "public", name: "f", signature: "" },
        {},
        { provenance: "extension:x" },
      ),
    ];
    expect(sort(theirs, [])).toEqual({ drift: [], platform: [] });
  });

  test("what is set aside is drift no more, and told with its reason", () => {
    const [from, to] = [catalog([...base, index("auth")]), catalog(base)];
    const sorted = sortChanges(diffCatalogs(from, to), { from, to, isWithShadow: true });
    const aside = setAside(sorted, new Set([index("auth").key]), "grant_era");
    expect(aside.drift).toEqual([]);
    expect(aside.platform).toMatchObject([{ reason: "grant_era" }]);
  });
});
