import * as z from "zod";
import type { Catalog } from "../model/catalog.ts";
import type { Query, QueryResult } from "../ports.ts";
import type { Probe } from "./probe.ts";

/** What an assertion may look at: the catalog as it is, and the database in a savepoint that is rolled back behind it. */
export interface World {
  readonly catalog: Catalog;
  readonly isReadOnly: boolean;
  /** Runs one statement of ours. Throws `DatabaseError`. */
  readonly run: (query: Query) => Promise<QueryResult>;
  /** Undoes what was run since the assertion began, with role and settings. */
  readonly startAgain: () => Promise<void>;
}

/** What an assertion found. */
export type Verdict =
  | { readonly kind: "passed"; readonly note?: string }
  | { readonly kind: "failed"; readonly have: string; readonly want: string; readonly note?: string }
  | { readonly kind: "skipped"; readonly note: string };

/** One assertion as a spec has it, ready to be judged. */
export interface PreparedAssertion {
  readonly what: string;
  /** For `can` and `cannot`: what is tried. */
  readonly probe?: Probe;
  readonly judge: (world: World) => Verdict | Promise<Verdict>;
}

/** What a spec may say under one name. */
export interface Assertion {
  /** Takes what stands behind the name; answers what is wrong with it where it is not understood. */
  readonly prepare: (given: unknown) => PreparedAssertion | { readonly issues: readonly z.core.$ZodIssue[] };
}

export const passed: Verdict = { kind: "passed" };

/** Makes an assertion of its arguments' shape and its judge. A bare text stands for the argument called `main`. */
export function assertion<Arguments extends z.ZodObject>(
  takes: Arguments,
  judge: (args: z.output<Arguments>, world: World) => Verdict | Promise<Verdict>,
  main?: keyof z.output<Arguments> & string,
): Assertion {
  return {
    prepare: (given) => {
      const read = takes.safeParse(
        typeof given === "string" && main !== undefined ? { [main]: given } : given,
      );
      if (!read.success) return { issues: read.error.issues };
      return { what: describe(given), judge: (world) => judge(read.data, world) };
    },
  };
}

function describe(given: unknown): string {
  const text = typeof given === "string" ? given : JSON.stringify(given);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** Passed where both are the same, in words that show where they are not. */
export function same(have: unknown, want: unknown): Verdict {
  const [shownHave, shownWant] = [show(have), show(want)];
  return shownHave === shownWant ? passed : { kind: "failed", have: shownHave, want: shownWant };
}

/** The same for lists whose order says nothing. */
export function sameSet(have: readonly string[], want: readonly string[]): Verdict {
  return same(have.toSorted(), want.toSorted());
}

export function failed(have: string, want: string): Verdict {
  return { kind: "failed", have, want };
}

/** Passed where it is there exactly when it should be. */
export function present(isThere: boolean, what: string): Verdict {
  return isThere ? passed : failed("nothing", what);
}

export function absent(isThere: boolean, what: string): Verdict {
  return isThere ? failed(what, "nothing") : passed;
}

function show(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}
