import { describe, expect, test } from "vitest";
import { composeMigration, parseHeader } from "../../../src/engine/files/header.ts";

const date = new Date("2026-11-23T01:02:03.999Z");
const facts = { name: "add_orders", purpose: "Keep orders", date, context: "Issue 12" };

describe("composeMigration", () => {
  test("writes the header byte for byte", () => {
    const rollbackSql = "\ndrop table public.orders;\n\ndrop function public.f();\n";
    expect(composeMigration("create table public.orders ();", { ...facts, rollbackSql })).toBe(
      `-- Migration: add_orders
-- Purpose: Keep orders
-- Date: 2026-11-23T01:02:03Z
-- Context: Issue 12
-- Rollback:
--   drop table public.orders;
--
--   drop function public.f();

create table public.orders ();
`,
    );
  });

  test("says so where there is no rollback, and fills in what was not given", () => {
    expect(composeMigration("select 1;\n", { name: "add_orders", date })).toBe(
      "-- Migration: add_orders\n-- Purpose: add orders\n-- Date: 2026-11-23T01:02:03Z\n" +
        "-- Context: created with Godwit\n-- Rollback: none\n\nselect 1;\n",
    );
  });

  test.each(["select 1;\r\n", "  select\t1;  \n\n\n", "/* c */ select 1;\n", "\u00a0select 1\n"])(
    "keeps %j as it is below the header",
    (sql) => {
      expect(composeMigration(sql, facts).endsWith(`\n\n${sql}`)).toBe(true);
    },
  );

  test("adds a final newline and takes off a byte order mark", () => {
    expect(composeMigration("\uFEFFselect 1;", facts).endsWith("none\n\nselect 1;\n")).toBe(true);
  });

  test("gives no second header", () => {
    const once = composeMigration("select 1;", facts);
    expect(composeMigration(once, { ...facts, name: "other" })).toBe(once);
    const founding = "\n-- migration: x\nselect 1;\n";
    expect(composeMigration(founding, facts)).toBe(founding);
  });

  test("keeps the CLI's autocommit line in first place", () => {
    const composed = composeMigration("-- pg-delta: transaction=false\nvacuum;\n", facts);
    expect(composed.startsWith("-- pg-delta: transaction=false\n-- Migration: add_orders\n")).toBe(true);
    expect(composed.endsWith("\n\nvacuum;\n")).toBe(true);
  });

  test("lets no purpose leave its comment", () => {
    const purpose = "x\ndrop table a;\r\n\u2028drop table b;\0\u202e y";
    const composed = composeMigration("select 1;\n", { ...facts, purpose });
    const statements = composed.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
    expect(statements).toEqual(["select 1;"]);
    expect(composed).toContain("-- Purpose: x drop table a; drop table b; y\n");
  });
});

describe("parseHeader", () => {
  test("reads back what was written", () => {
    const rollbackSql = "drop function public.f();\n\ncreate function public.f() as $$\n  begin\n  end\n$$;";
    expect(parseHeader(composeMigration("select 1;\n", { ...facts, rollbackSql }))).toEqual({
      name: "add_orders",
      purpose: "Keep orders",
      date: "2026-11-23T01:02:03Z",
      context: "Issue 12",
      rollbackSql,
    });
  });

  test.each([
    ["-- Rollback: drop table x;\ncreate table x ();", "drop table x;"],
    ["-- rollback:\n-- drop table x;\n-- drop table y;\ncreate table x ();", "drop table x;\ndrop table y;"],
    ["--rollback: drop table x;\r\ncreate table x ();\r\n", "drop table x;"],
    ["-- ROLLBACK :\n--\tdrop table x;\n\n-- not this\ncreate table x ();", "drop table x;"],
    ["-- Rollback: drop table x;\n-- Context: y\nselect 1;", "drop table x;"],
    ["create table x ();\n\n-- Rollback:\n--   drop table x;\n", "drop table x;"],
    ["-- Purpose: p\n\n-- Rollback:\n-- -- first\n-- drop table x;\nselect 1;", "-- first\ndrop table x;"],
    ["-- pg-delta: transaction=false\n-- Rollback: drop index x;\nselect 1;", "drop index x;"],
  ])("finds the rollback SQL of %j", (sql, rollbackSql) => {
    expect(parseHeader(sql).rollbackSql).toBe(rollbackSql);
  });

  test.each([
    "-- Rollback: none\nselect 1;",
    "-- Rollback: None.\nselect 1;",
    "-- Rollback: not available\nselect 1;",
    "-- Rollback: N/A\nselect 1;",
    "-- Rollback:\nselect 1;",
    "-- Rollback:\n-- Restore the backup of last night.\nselect 1;",
    "-- Rollback: irreversible\nselect 1;",
    "-- To rollback: drop table x;\nselect 1;",
    "create function f() as $$\n-- Rollback: drop table x;\n$$;\nselect 1;",
    "select 1;",
    "",
  ])("finds no rollback SQL in %j", (sql) => {
    expect(parseHeader(sql).rollbackSql).toBeUndefined();
  });

  test("takes a description for the purpose, and no field from below the SQL", () => {
    const header = parseHeader("-- Migration: a\n-- Description: b\nselect 1;\n-- Context: c\n");
    expect(header).toMatchObject({ name: "a", purpose: "b", context: undefined });
  });
});
