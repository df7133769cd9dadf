import type { Catalog } from "../model/catalog.ts";
import type { DescribeSchemaReport, SchemaDetail, SchemaObject } from "../model/schema-report.ts";
import { chooseObjects, type ChosenObjects, type ObjectFilter } from "./choose-objects.ts";
import type { Fence } from "./fence.ts";
import { firstPage } from "./page.ts";
import { toSchemaObject, viewSchema } from "./schema-objects.ts";

/** With the rest of the answer below 8 KB; a single larger object is cut to `longestObject` (docs/decisions/0007). */
const pageCharacters = 7_000;
const longestObject = 16_000;

export interface SchemaQuestion extends ObjectFilter {
  readonly detail: SchemaDetail;
  readonly cursor?: string;
  readonly isWhole: boolean;
}

/** The chosen objects of a catalog, page by page, with what to ask next. Throws `invalid_cursor`. */
export function describeSchema(
  catalog: Catalog,
  question: SchemaQuestion,
  { fence, target }: { readonly fence: Fence; readonly target: string },
): DescribeSchemaReport {
  const { detail, isWhole, cursor } = question;
  const chosen = chooseObjects(catalog, question);
  const view = viewSchema(catalog);
  const described = chosen.objects.map((fact) => toSchemaObject(fact, detail, view));
  const objects = isWhole ? described : described.map(cutToFit);
  const page = firstPage(objects, {
    limit: objects.length,
    maxCharacters: isWhole ? Number.POSITIVE_INFINITY : pageCharacters,
    cursor,
  });
  const counts = countKinds(objects);
  const warnings = describeUnknown(chosen, fence);
  const nextSteps = adviseNext(page.nextCursor, question, objects.length);
  return {
    summary: summarize(counts, page.items.length, objects.length),
    target,
    counts,
    ...(page.items.length === 0
      ? { objects: [] }
      : { untrusted_begin: fence.begin, objects: page.items, untrusted_end: fence.end }),
    ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nextSteps.length === 0 ? {} : { next_steps: nextSteps }),
  };
}

function countKinds(objects: readonly SchemaObject[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of objects) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function summarize(counts: Readonly<Record<string, number>>, shown: number, total: number): string {
  if (total === 0) return "No such objects.";
  const parts = Object.entries(counts).map(
    ([kind, count]) => `${count} ${count === 1 ? kind : pluralOf(kind)}`,
  );
  return `${parts.join(", ")}${shown < total ? `; ${shown} of them on this page` : ""}.`;
}

function pluralOf(kind: string): string {
  return kind.endsWith("x") ? `${kind}es` : `${kind}s`;
}

function describeUnknown(chosen: ChosenObjects, fence: Fence): readonly string[] {
  const list = (names: readonly string[]) => names.slice(0, 20).map(fence.wrapName).join(", ");
  const { unknownSchemas, unknownNames, knownSchemas, knownNames } = chosen;
  return [
    ...(unknownSchemas.length === 0
      ? []
      : [`There is no schema ${list(unknownSchemas)}; there are ${list(knownSchemas)}.`]),
    ...unknownNames.map((name) => {
      const like = knownNames.filter((known) => isLike(known, name));
      const offer = like.length === 0 ? "" : `; similar: ${list(like.slice(0, 5))}`;
      return `Nothing is called ${fence.wrapName(name)}${offer}.`;
    }),
  ];
}

/** One name within the other is what a singular, a plural or a forgotten prefix comes to. */
function isLike(known: string, wanted: string): boolean {
  const [a, b] = [known.toLowerCase(), wanted.toLowerCase().replace(/^.*\./, "").replace(/s$/, "")];
  return b.length > 2 && (a.includes(b) || b.includes(a));
}

function adviseNext(
  nextCursor: string | undefined,
  { detail, names, schemas }: SchemaQuestion,
  total: number,
): readonly string[] {
  if (total === 0)
    return names === undefined && schemas === undefined
      ? ["create_migration writes the first migration."]
      : ["describe_schema without names and schemas tells what there is."];
  return [
    ...(nextCursor === undefined
      ? []
      : [`describe_schema { cursor: "${nextCursor}" } with the same arguments for more.`]),
    ...(detail === "full"
      ? []
      : ['describe_schema { detail: "full" } also tells definitions, names of constraints and comments.']),
  ];
}

/** A definition or a list that would make an answer too long for clients is cut and says so. */
function cutToFit(object: SchemaObject): SchemaObject {
  if (JSON.stringify(object).length <= longestObject) return object;
  const cut = Object.entries(object).map(([name, value]: readonly [string, unknown]) => {
    if (Array.isArray(value)) return [name, cutList(value.map(String))] as const;
    return [name, typeof value === "string" ? cutText(value, 4_000) : value] as const;
  });
  return { kind: object.kind, name: object.name, ...Object.fromEntries(cut) };
}

const listCharacters = 2_500;

function cutList(list: readonly string[]): readonly string[] {
  let characters = 0;
  const kept = list
    .map((item) => cutText(item, 500))
    .filter((item) => (characters += item.length + 3) <= listCharacters);
  return kept.length === list.length ? kept : [...kept, `… ${list.length - kept.length} more`];
}

function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}
