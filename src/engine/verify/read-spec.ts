import { LineCounter, parseDocument, type Document } from "yaml";
import * as z from "zod";
import { EngineError } from "../errors.ts";
import type { PreparedAssertion } from "./assertion.ts";
import { assertions } from "./assertions/index.ts";

/** One assertion with its place in the file. */
export interface SpecCheck extends PreparedAssertion {
  readonly name: string;
  readonly line: number;
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const seed = z.strictObject({ table: z.string(), values: z.record(z.string(), cell) });

/** A spec, ready to be run. */
export interface Spec {
  /** Rows that are there while it runs and are taken back afterwards. */
  readonly seed: readonly z.output<typeof seed>[];
  readonly checks: readonly SpecCheck[];
}

const outline = z.strictObject({
  seed: z.array(seed).optional(),
  checks: z.array(z.record(z.string(), z.unknown())).min(1),
});

/** Reads a spec, in YAML or JSON. Throws `invalid_spec` with every mistake and its line. */
export function readSpec(text: string, file: string): Spec {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const lineAt = (offset: number | undefined) => lineCounter.linePos(offset ?? 0).line;
  const [broken] = document.errors;
  if (broken !== undefined)
    throw refuse(file, [{ line: lineAt(broken.pos[0]), message: firstLine(broken.message) }]);
  const lineOf = (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path));
  const read = outline.safeParse(toValue(document, file));
  if (!read.success)
    throw refuse(
      file,
      read.error.issues.map(({ path, message }) => ({
        line: lineOf(path),
        message: `${path.join(".")}: ${message}`,
      })),
    );
  const mistakes: Mistake[] = [];
  const checks = read.data.checks.flatMap((entry, index): readonly SpecCheck[] => {
    const line = lineOf(["checks", index]);
    const [pair, ...others] = Object.entries(entry);
    if (pair === undefined || others.length > 0) {
      mistakes.push({ line, message: "each check has one name, such as `- has_table: orders`" });
      return [];
    }
    const [name, given] = pair;
    const known = Object.hasOwn(assertions, name) ? assertions[name] : undefined;
    const prepared = known?.prepare(given);
    if (prepared === undefined)
      mistakes.push({
        line,
        message: `${JSON.stringify(name)} is no assertion; there are ${namesLike(name)}`,
      });
    else if ("issues" in prepared)
      for (const { path, message } of prepared.issues)
        mistakes.push({
          line: lineOf(["checks", index, name, ...path]),
          message: `${[name, ...path].join(".")}: ${message}`,
        });
    else return [{ ...prepared, name, line }];
    return [];
  });
  if (mistakes.length > 0) throw refuse(file, mistakes);
  return { seed: read.data.seed ?? [], checks };
}

/** An alias without its anchor, or too many of them, shows only here. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw refuse(file, [
      { line: 1, message: error instanceof Error ? firstLine(error.message) : String(error) },
    ]);
  }
}

interface Mistake {
  readonly line: number;
  readonly message: string;
}

function refuse(file: string, mistakes: readonly Mistake[]): EngineError {
  const shown = mistakes.slice(0, 20).map(({ line, message }) => `${file}:${line}: ${message}.`);
  const more = mistakes.length > 20 ? ` And ${mistakes.length - 20} more.` : "";
  return new EngineError("invalid_spec", `${shown.join(" ")}${more}`, { file, line: mistakes[0]?.line ?? 1 });
}

/** Where the deepest part of a path stands that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range))
      return Number(node.range[0]);
  }
  return undefined;
}

/** All names are too many to read: those that share a word. */
function namesLike(name: string): string {
  const words = new Set(name.toLowerCase().split("_"));
  const like = Object.keys(assertions).filter((known) => known.split("_").some((word) => words.has(word)));
  return (like.length === 0 ? Object.keys(assertions) : like).join(", ");
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/:?\s*$/, "");
}
