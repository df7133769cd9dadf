import { describe, expect, test } from "vitest";
import { compareAccess } from "../../../src/engine/effects/compare-access.ts";
import type { AccessMatrix, AccessRow } from "../../../src/engine/model/effects.ts";

const row = (object: string, subject: string, value: string): AccessRow => ({ object, subject, value });
const matrix = (privileges: readonly AccessRow[], attributes: readonly AccessRow[] = []): AccessMatrix => ({
  privileges,
  attributes,
});

describe("a change of access", () => {
  test("tells roles and objects that gained alike together", () => {
    const gained = ["table a", "table b"].flatMap((object) =>
      ["anon", "authenticated"].flatMap((role) => [row(object, role, "SELECT"), row(object, role, "INSERT")]),
    );
    expect(compareAccess(matrix([]), matrix(gained))).toEqual([
      {
        kind: "gained",
        roles: ["anon", "authenticated"],
        privileges: ["INSERT", "SELECT"],
        objects: ["table a", "table b"],
      },
    ]);
  });

  test("tells what is lost on an object that stays, and not what goes with an object", () => {
    const before = matrix(
      [row("table a", "anon", "SELECT"), row("table b", "anon", "SELECT")],
      [row("table a", "owner", "o"), row("table b", "owner", "o")],
    );
    expect(compareAccess(before, matrix([], [row("table a", "owner", "o")]))).toEqual([
      { kind: "lost", roles: ["anon"], privileges: ["SELECT"], objects: ["table a"] },
    ]);
  });

  test("tells a lost privilege on what has no attributes, such as a column", () => {
    const before = matrix([row("column a.b", "anon", "SELECT")]);
    expect(compareAccess(before, matrix([]))).toMatchObject([{ kind: "lost", objects: ["column a.b"] }]);
  });

  test("tells what decides access where it was there before, and a new role's powers only", () => {
    const before = matrix([], [row("table a", "row security", "on")]);
    const after = matrix(
      [],
      [
        row("table a", "row security", "off"),
        row("table new", "row security", "off"),
        row("role new", "superuser", "true"),
        row("role new", "inherits", "true"),
        row("role new", "creates roles", "false"),
      ],
    );
    expect(compareAccess(before, after)).toEqual([
      { kind: "altered", object: "table a", attribute: "row security", before: "on", after: "off" },
      { kind: "altered", object: "role new", attribute: "superuser", before: "false", after: "true" },
    ]);
  });
});
