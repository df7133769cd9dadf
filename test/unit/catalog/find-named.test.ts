import { expect, test } from "vitest";
import { indexNames } from "../../../src/engine/catalog/find-named.ts";
import { fact } from "./builders.ts";

const orders = fact({ kind: "table", schema: "app", name: "orders" });
const odd = fact({ kind: "table", schema: "app", name: 'Odd "one"' });
const count = fact({ kind: "function", schema: "app", name: "count_all", signature: "" });
const findNamed = indexNames([orders, odd, count]);

test.each([
  ["a qualified relation", "select * from app.orders", [orders.key]],
  ["a relation with any case and spaces", "select * from APP . Orders", [orders.key]],
  ["a relation that the search path finds", "insert into orders values (1)", [orders.key]],
  ["a relation before its column", "select orders.id", [orders.key]],
  ["a quoted name", 'select * from app."Odd ""one"""', [odd.key]],
  ["a routine that is called", "perform app.count_all ()", [count.key]],
])("%s is found", (_, body, keys) => {
  expect(findNamed(body)).toEqual(keys);
});

test.each([
  ["another schema's relation", "select * from other.orders where orders_x = 1"],
  ["a word that a routine is called by, not called", "declare count_all integer"],
  ["a quoted name in other case", 'select * from app."ORDERS"'],
])("%s is not found", (_, body) => {
  expect(findNamed(body)).toEqual([]);
});
