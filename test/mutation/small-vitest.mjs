// As much of vitest as the unit tests of the guards use, so that a bundle of them runs in milliseconds.
import { isDeepStrictEqual } from "node:util";

const tests = [];

export const describe = (_name, run) => run();
export const test = (_name, run) => tests.push(run);
test.each = (rows) => (_name, run) => {
  for (const row of rows) tests.push(() => run(...(Array.isArray(row) ? row : [row])));
};
export const it = test;
describe.each = (rows) => (_name, run) => {
  for (const row of rows) run(...(Array.isArray(row) ? row : [row]));
};

/** Why the first test fails; undefined where all pass. */
export async function firstFailure() {
  for (const run of tests) {
    try {
      await run();
    } catch (error) {
      return String(error?.message ?? error);
    }
  }
  return undefined;
}

export function expect(actual) {
  return { ...matchers(actual, true), not: matchers(actual, false) };
}

function matchers(actual, isWanted) {
  const check = (holds) => {
    if (holds !== isWanted) throw new Error("A test fails.");
  };
  return {
    toBe: (expected) => check(Object.is(actual, expected)),
    toEqual: (expected) => check(isDeepStrictEqual(plain(actual), plain(expected))),
    toMatchObject: (expected) => check(contains(actual, expected)),
    toMatch: (expected) => check(actual.includes(expected)),
    toBeUndefined: () => check(actual === undefined),
    toBeGreaterThan: (expected) => check(actual > expected),
    toBeLessThan: (expected) => check(actual < expected),
    toHaveLength: (expected) => check(actual.length === expected),
  };
}

/** Without entries that are undefined. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Map || value instanceof Set)
    return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
}

function contains(actual, expected) {
  if (typeof expected !== "object" || expected === null) return Object.is(actual, expected);
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, index) => contains(actual[index], each))
    );
  return (
    typeof actual === "object" &&
    actual !== null &&
    Object.entries(expected).every(([key, each]) => contains(actual[key], each))
  );
}
