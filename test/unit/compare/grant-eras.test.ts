import { describe, expect, test } from "vitest";
import { changeId } from "../../../src/engine/compare/change-id.ts";
import { diffCatalogs } from "../../../src/engine/compare/diff-catalogs.ts";
import {
  asOfOtherEra,
  findEraCandidates,
  findEraGrants,
  withGrantsOf,
} from "../../../src/engine/compare/grant-eras.ts";
import { factKey, type Catalog, type Fact } from "../../../src/engine/model/catalog.ts";
import { catalog, fact } from "../catalog/builders.ts";

const table = (name: string): Fact => fact({ kind: "table", schema: "public", name });
const grant = (on: string, privilege: string, role = "anon"): Fact => {
  const target = factKey({ kind: "table", schema: "public", name: on });
  return fact(
    { kind: "grant", name: privilege, on: target, grantee: { kind: "role", name: role } },
    {},
    { parent: target },
  );
};
const all = (on: string) => ["SELECT", "INSERT", "UPDATE", "DELETE"].map((name) => grant(on, name));
const tables = [table("old"), table("new"), table("mine")];

/** What a comparison with this live catalog and the replay of its era lays at the other era's door. */
function explained(live: Catalog, files: Catalog, otherEra: Catalog): readonly string[] {
  const candidates = findEraCandidates(diffCatalogs(live, files));
  return [...findEraGrants(candidates, live, otherEra)].toSorted();
}

describe("grants of two eras in one database", () => {
  const files = catalog([...tables, ...all("old"), ...all("new"), ...all("mine")]);
  const otherEra = catalog(tables);

  test("a table that has what the other era gives is explained, one from which somebody took a part is not", () => {
    const live = catalog([...tables, ...all("old"), grant("mine", "SELECT")]);
    expect(explained(live, files, otherEra)).toEqual(
      all("new")
        .map(({ key }) => key)
        .toSorted(),
    );
  });

  test("what a file revokes is missing in both replays, and its return by hand is drift", () => {
    const live = catalog([...tables, ...all("old"), ...all("new"), ...all("mine")]);
    const revoked = catalog([...tables, ...all("old"), ...all("new")]);
    expect(explained(live, revoked, otherEra)).toEqual([]);
  });

  test("grants to other roles, and those on what is not the project's, are no candidates", () => {
    const theirs = { ...grant("old", "SELECT"), provenance: "platform" } as const;
    const changes = diffCatalogs(catalog([grant("old", "SELECT", "reporter"), theirs]), catalog([]));
    expect(findEraCandidates(changes)).toEqual([]);
  });

  test("the other era of a database is the one with the grants, or without", () => {
    const ofOld = catalog([...tables, ...all("old")]);
    const withoutGrants = asOfOtherEra(ofOld, { defaults: [], isOld: true });
    expect([...withoutGrants.facts.values()].filter(({ kind }) => kind === "grant")).toEqual([]);
    const withGrants = asOfOtherEra(catalog(tables), { defaults: [], isOld: false });
    const grants = [...withGrants.facts.values()].filter(({ kind }) => kind === "grant");
    expect(grants).toHaveLength(tables.length * 3 * 4);
  });

  test("the files' catalog takes the live grants over, and nothing else", () => {
    const live = catalog([table("old"), grant("old", "SELECT")]);
    const taken = withGrantsOf(
      live,
      files,
      diffCatalogs(live, files).filter((one) => one.kind === "added"),
    );
    const left = diffCatalogs(live, taken).map(changeId);
    expect(left).toEqual([]);
    expect(taken.facts.has(grant("old", "SELECT").key)).toBe(true);
  });
});
