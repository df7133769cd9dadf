import { expect, test } from "vitest";
import {
  constantText,
  isAlwaysFalse,
  isAlwaysTrue,
  isEffectiveWhere,
  isSameForEveryRow,
} from "../../../src/engine/sql/always-true.ts";
import { parseStatements } from "../../../src/engine/sql/parse.ts";

async function whereOf(condition: string): Promise<unknown> {
  const parsed = await parseStatements(`delete from t where ${condition}`);
  const node = parsed.kind === "parsed" ? parsed.statements[0]?.node : undefined;
  return node !== undefined && "DeleteStmt" in node ? node.DeleteStmt.whereClause : undefined;
}

test.each([
  "true",
  "'t'::bool",
  "'YES'::boolean",
  "'on'::bool",
  "' true '::bool",
  "1 = 1",
  "1 <> 2",
  "'a' != 'b'",
  "2 > 1",
  "1 < 2",
  "1 <= 1",
  "2 >= 1",
  "3 >= 2",
  "1 <= 2",
  "id = id",
  "id <= id",
  "id >= id",
  "t.id = t.id",
  "id in (1, id)",
  "id = 1 or true",
  "true and 1 = 1",
  "not false",
  "not (1 = 2)",
  "not not true",
  "true is true",
  "false is false",
  "true is not false",
  "false is not true",
  "1 is not null",
  "exists (select 1)",
  "(select true)",
  "(select 1 = 1)",
  "name like '%'",
  "name ilike '%%'",
  "id is not distinct from id",
  "coalesce(true, a)",
  "coalesce(1 = 1)",
  "a is null or a is not null",
  "b = 1 or a is not null or a is null",
])("%s holds for every row", async (condition) => {
  const where = await whereOf(condition);
  expect(isAlwaysTrue(where)).toBe(true);
  expect(isAlwaysFalse(where)).toBe(false);
  expect(isEffectiveWhere(where)).toBe(false);
});

test.each([
  "false",
  "'no'::bool",
  "'off'::bool",
  "1 = 2",
  "1 <> 1",
  "1 > 2",
  "2 < 1",
  "2 <= 1",
  "1 >= 2",
  "'a' < 'a'",
  "'a' > 'a'",
  "not true",
  "true and false",
  "a = 1 and false",
  "false or 1 = 2",
  "true is false",
  "false is true",
  "true is not true",
  "false is not false",
  "1 is null",
  "id not in (1, id)",
  "(select false)",
  "coalesce(false, true)",
])("%s holds for no row", async (condition) => {
  const where = await whereOf(condition);
  expect(isAlwaysFalse(where)).toBe(true);
  expect(isAlwaysTrue(where)).toBe(false);
});

test.each([
  "id = 1",
  "id <> id",
  "id = other",
  "random() = random()",
  "f(id) = f(id)",
  "a",
  "a is null",
  "a is not null",
  "a is null or b is not null",
  "a is null and a is not null",
  "a is null or a is null",
  "id in (1, 2)",
  "id in (1, other)",
  "name like 'a%'",
  "name not like '%'",
  "name not ilike '%'",
  "exists (select 1 from s)",
  "exists (select 1 where a)",
  "(select true from s)",
  "id = any (select 1)",
  "'a' < 'b'",
  "'maybe'::bool",
  "a is true",
  "a is not true",
  "a is unknown",
  "true is unknown",
  "coalesce(a, true)",
  "a = 1 or b = 2",
  "true and a = 1",
  "id is distinct from id",
  "not a",
  "id < id",
  "1 + 1 = 2",
  "a between 1 and 2",
  "id >= 'x'",
  "id = all (array[id])",
])("%s depends on the row, or cannot be judged", async (condition) => {
  const where = await whereOf(condition);
  expect([isAlwaysTrue(where), isAlwaysFalse(where), isEffectiveWhere(where)]).toEqual([false, false, true]);
});

test("a WHERE that is missing leaves no row out, and asks nothing", () => {
  expect(isEffectiveWhere(undefined)).toBe(false);
  expect(isSameForEveryRow(undefined)).toBe(false);
});

test.each([
  ["now() > '2020-01-01'", true],
  ["current_setting('a.b') = 'x'", true],
  ["exists (select from s)", true],
  ["id = 1", false],
  ["exists (select from s where s.id = 1)", false],
  ["$1", false],
  ["current of c", false],
])("%s is the same for every row: %s", async (condition, expected) => {
  expect(isSameForEveryRow(await whereOf(condition))).toBe(expected);
});

test.each([
  ["1", "1"],
  ["0", "0"],
  ["1.5", "1.5"],
  ["'a'", "a"],
  ["''", ""],
  ["'a'::text", "a"],
  ["true", "true"],
  ["false", "false"],
  ["null", undefined],
  ["a", undefined],
  ["1 + 1", undefined],
])("the text of %s is %j", async (condition, expected) => {
  expect(constantText(await whereOf(condition))).toBe(expected);
});
