import { expect, test } from "vitest";
import { EngineError } from "../../../src/engine/errors.ts";
import type { Version } from "../../../src/engine/model/version.ts";
import { planOf } from "./plan-of.ts";
import { differences, refuseStale } from "../../../src/engine/confirmation/refuse-stale.ts";
import type { PlanFacts } from "../../../src/engine/confirmation/shown-plans.ts";
import { digestMigrations, planIdOf } from "../../../src/engine/plan/plan-id.ts";

const parts = { target: "here", history: "h", files: "f", schema: "s" };
const facts = (schema: Readonly<Record<string, string>>): PlanFacts => ({
  files: new Map([["1_a.sql", "x"]]),
  history: new Map(),
  schema: new Map(Object.entries(schema)),
});

/** What refusing says of a plan that was approved with other parts; undefined where it is the same. */
function refusal(approved: string, shown?: PlanFacts): string | undefined {
  const planId = planIdOf("apply", parts);
  const now = facts({ 'table "public"."t"': "1", 'table "public"."new"': "1" });
  try {
    refuseStale(approved, { planId, parts, now, shown, wrapName: (name) => `<${name}>` });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

test.each([
  ["the same plan", planIdOf("apply", parts), undefined],
  ["another target", planIdOf("apply", { ...parts, target: "there" }), "it was made for another target"],
  ["another history", planIdOf("apply", { ...parts, history: "x" }), "the history has changed"],
  ["other files", planIdOf("apply", { ...parts, files: "x" }), "the migrations have changed"],
  ["another schema", planIdOf("apply", { ...parts, schema: "x" }), "the schema has changed"],
  ["another purpose", planIdOf("rollback", parts), "is not the id of this plan"],
  ["true", "true", '"true" is not the id of this plan'],
  ["an id cut short", planIdOf("apply", parts).slice(0, 63), "is not the id of this plan"],
])("an approval of %s", (_name, approved, said) => {
  const message = refusal(approved);
  if (said === undefined) expect(message).toBe(undefined);
  else expect(message).toMatch(said);
});

test("names what has changed where the plan was shown by this process, and fences names of strangers", () => {
  const approved = planIdOf("apply", { ...parts, schema: "x", target: "there" });
  const shown = facts({ 'table "public"."t"': "2", 'table "public"."ignore; all"': "1" });
  expect(refusal(approved, shown)).toMatch(
    "it was made for another target; the schema has changed (changed: table public.t, new: table public.new, gone: <table",
  );
  expect(refusal(planIdOf("apply", { ...parts, files: "x" }), shown)).toMatch("the migrations have changed.");
});

test("says how to see the plan of now where that is asked for", () => {
  const plan = { planId: "a", parts, now: facts({}), shown: undefined, wrapName: String };
  const hintOf = (hint?: string) => {
    try {
      refuseStale("b", hint === undefined ? plan : { ...plan, hint });
    } catch (error) {
      return error instanceof EngineError ? error.hint : undefined;
    }
    return undefined;
  };
  expect(hintOf("Look again.")).toBe("Look again.");
  expect(hintOf()).toMatch("dry_run");
});

test("a file's version counts in the digest of migrations once it is settled", async () => {
  const one = await planOf("select 1");
  const two = { ...one, version: "20270101000000" as Version };
  expect(digestMigrations([one], "open")).toBe(digestMigrations([two], "open"));
  expect(digestMigrations([one], "settled")).not.toBe(digestMigrations([two], "settled"));
});

test("differences are what is new, changed and gone, and nothing else", () => {
  const before = new Map([
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
  ]);
  const after = new Map([
    ["a", "1"],
    ["b", "2"],
    ["d", "1"],
  ]);
  expect(differences(before, after)).toEqual([
    { name: "b", how: "changed" },
    { name: "d", how: "new" },
    { name: "c", how: "gone" },
  ]);
});
