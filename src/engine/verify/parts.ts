import * as z from "zod";
import type { Catalog, Fact, ObjectKind } from "../model/catalog.ts";
import { assertion, failed, passed, sameSet, type Assertion, type Verdict } from "./assertion.ts";
import { findObject, partsOf, relationKinds } from "./names.ts";

/** Names, in any order, or names with what each of them is. */
const namesOrTexts = z.union([z.array(z.string()), z.record(z.string(), z.string())]);

/** That a table has exactly these parts of one kind; where the spec says what they are, as `describePart` does, that too. */
export function partsAre(plural: string, kind: ObjectKind): Assertion {
  const takes = z.strictObject({ table: z.string(), [plural]: namesOrTexts });
  return assertion(takes, (args, { catalog }) => {
    const table = z.string().parse(args["table"]);
    const given = namesOrTexts.parse(args[plural]);
    const relation = findObject(catalog, table, relationKinds);
    if (relation === undefined) return failed("no such table", table);
    const parts = partsOf(catalog, relation, kind);
    return isNames(given) ? sameSet(namesOf(parts), given) : judgeTexts(describeParts(catalog, parts), given);
  });
}

/** What parts are, by name. */
export function describeParts(catalog: Catalog, parts: readonly Fact[]): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.map((part) => [part.id.name, describePart(catalog, part)]));
}

function namesOf(parts: readonly Fact[]): readonly string[] {
  return parts.map(({ id }) => id.name);
}

function isNames(given: z.output<typeof namesOrTexts>): given is string[] {
  return Array.isArray(given);
}

function judgeTexts(have: Readonly<Record<string, string>>, want: Readonly<Record<string, string>>): Verdict {
  const names = [...new Set([...Object.keys(have), ...Object.keys(want)])].toSorted();
  const differing = names.filter((name) => inOneForm(have[name]) !== inOneForm(want[name]));
  if (differing.length === 0) return passed;
  const list = (texts: Readonly<Record<string, string>>) =>
    differing.map((name) => `${name}: ${texts[name] ?? "nothing"}`).join("; ");
  return failed(list(have), list(want));
}

function inOneForm(text: string | undefined): string | undefined {
  return text?.replaceAll(/\s+/g, " ").trim().toLowerCase();
}

/** A part in SQL's words, without its name: what somebody would write to make it. */
function describePart(catalog: Catalog, part: Fact): string {
  const { kind, attributes } = part;
  if (kind === "column") return describeColumn(catalog, part);
  if (kind === "policy") return describePolicy(attributes);
  const definition = String(attributes["definition"]);
  if (kind === "index") return attributes["unique"] === true ? `unique ${definition}` : definition;
  if (kind === "trigger" && attributes["enabled"] !== undefined)
    return `${definition} (${String(attributes["enabled"])})`;
  return attributes["notValid"] === true ? `${definition} not valid` : definition;
}

function describeColumn(catalog: Catalog, column: Fact): string {
  const { type, notNull, identity, generated, expression } = column.attributes;
  const [preset] = partsOf(catalog, column, "default");
  return [
    String(type),
    ...(notNull === true ? ["not null"] : []),
    ...(identity === undefined ? [] : [`generated ${String(identity)} as identity`]),
    ...(generated === undefined ? [] : [`generated always as (${String(expression)}) ${String(generated)}`]),
    ...(preset === undefined ? [] : [`default ${String(preset.attributes["expression"])}`]),
  ].join(" ");
}

function describePolicy({ command, restrictive, roles, using, check }: Fact["attributes"]): string {
  return [
    ...(restrictive === true ? ["restrictive"] : []),
    String(command),
    `to ${Array.isArray(roles) ? roles.join(", ") : "public"}`,
    ...(using === undefined ? [] : [`using (${String(using)})`]),
    ...(check === undefined ? [] : [`with check (${String(check)})`]),
  ].join(" ");
}
