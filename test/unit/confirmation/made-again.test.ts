import { expect, test } from "vitest";
import { isMadeAgain } from "../../../src/engine/confirmation/made-again.ts";
import type { MadeObject } from "../../../src/engine/model/destructive-act.ts";

const at = (name: string, schema = "public") => ({ schema, name });
const view: MadeObject = { what: "relation", relation: at("v") };
const policy: MadeObject = { what: "policy", relation: at("t"), name: "Own rows" };
const trigger: MadeObject = { what: "trigger", relation: at("t"), name: "g" };
const routine: MadeObject = { what: "routine", relation: at("f"), arguments: 2 };

test.each([
  ["view", "public.v", view, true],
  ["materialized view", "public.v", view, true],
  ["view", "shop.v", view, false],
  ["table", "public.v", view, false],
  ["policy", '"Own rows" on public.t', policy, true],
  ["policy", "other on public.t", policy, false],
  ["trigger", '"Own rows" on public.t', policy, false],
  ["trigger", "g on public.t", trigger, true],
  ["trigger", "g on public.u", trigger, false],
  ["function", "public.f(integer,text)", routine, true],
  ["procedure", "public.f(integer,text)", routine, true],
  ["function", "public.f(integer)", routine, false],
  ["function", "public.f()", { ...routine, arguments: 0 }, true],
  ["function", "public.ff(integer,text)", routine, false],
  ["aggregate", "public.f(integer,text)", routine, false],
])("%s %s is made again by %j: %s", (kind, identity, made, expected) => {
  expect(isMadeAgain({ kind, identity }, [made])).toBe(expected);
});
