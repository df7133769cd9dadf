import type { TsMember, TsNode } from "./ts-node.ts";

/** Characters of a line, as in Supabase's generated files. */
const lineWidth = 80;

/** Where a type begins: the line's indentation, the characters before it, and those that follow it on its last line. */
interface Place {
  readonly indent: number;
  readonly column: number;
  readonly behind: number;
}

/** A type in the layout of Prettier without semicolons, of which Supabase's files are written. */
export function printNode(node: TsNode, place: Place): string {
  const flat = flatten(node);
  if (flat !== undefined && place.column + flat.length + place.behind <= lineWidth) return flat;
  return printBroken(node, place);
}

/** The type on one line; undefined where it may not be on one. */
function flatten(node: TsNode): string | undefined {
  switch (node.kind) {
    case "word":
      return node.text;
    case "union":
      return joinFlat(node.of, " | ");
    case "and":
      return joinFlat(node.of, " & ");
    case "tuple": {
      const inner = joinFlat(node.of, ", ");
      return inner === undefined ? undefined : `[${inner}]`;
    }
    case "array": {
      const inner = flatten(node.of);
      if (inner === undefined) return undefined;
      return needsParentheses(node.of) ? `(${inner})[]` : `${inner}[]`;
    }
    case "object": {
      if (node.members.length === 0) return "{}";
      if (node.layout === "lines") return undefined;
      const members = node.members.map(({ key, type }) => {
        const flat = flatten(type);
        return flat === undefined ? undefined : `${key}: ${flat}`;
      });
      return members.includes(undefined) ? undefined : `{ ${members.join("; ")} }`;
    }
  }
}

function joinFlat(nodes: readonly TsNode[], separator: string): string | undefined {
  const parts = nodes.map(flatten);
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

function printBroken(node: TsNode, place: Place): string {
  const { indent, behind } = place;
  const inner = indent + 2;
  switch (node.kind) {
    case "word":
      return node.text;
    case "union":
      return isNullableObject(node) ? printInLine(node.of, " | ", place) : printChoices(node.of, indent);
    case "and":
      return printInLine(node.of, " & ", place);
    case "array":
      return needsParentheses(node.of)
        ? `(\n${pad(inner)}${printBroken(node.of, { indent: inner, column: inner, behind: 0 })}\n${pad(indent)})[]`
        : `${printNode(node.of, { ...place, behind: behind + 2 })}[]`;
    case "tuple": {
      const items = node.of.map(
        (item) => `${pad(inner)}${printNode(item, { indent: inner, column: inner, behind: 1 })},\n`,
      );
      return `[\n${items.join("")}${pad(indent)}]`;
    }
    case "object":
      return `{\n${node.members.map((each) => printMember(each, inner)).join("")}${pad(indent)}}`;
  }
}

/** A union that does not fit on the line goes below its name, one choice a line. */
function printMember({ key, type, comment = [] }: TsMember, indent: number): string {
  const above = comment.map((line) => `${pad(indent)}// ${line}\n`).join("");
  const start = `${above}${pad(indent)}${key}:`;
  const column = indent + key.length + 2;
  const isBelow =
    type.kind === "union" &&
    !isNullableObject(type) &&
    column + (flatten(type)?.length ?? lineWidth) > lineWidth;
  if (!isBelow) return `${start} ${printNode(type, { indent, column, behind: 0 })}\n`;
  return `${start}\n${pad(indent + 2)}${printChoices(type.of, indent + 2)}\n`;
}

/** Each choice behind its bar; what it holds is indented past the bar. */
function printChoices(choices: readonly TsNode[], indent: number): string {
  const inner = indent + 2;
  return choices
    .map((choice) => `| ${printNode(choice, { indent: inner, column: inner, behind: 0 })}`)
    .join(`\n${pad(indent)}`);
}

/** Parts joined in the line, where the first takes the lines that it needs. */
function printInLine(nodes: readonly TsNode[], separator: string, place: Place): string {
  return nodes
    .map((node) => (node.kind === "object" ? printBroken(node, place) : printNode(node, place)))
    .join(separator);
}

function isNullableObject({ of }: { readonly of: readonly TsNode[] }): boolean {
  return (
    of.length === 2 &&
    of.some(({ kind }) => kind === "object") &&
    of.some((node) => node.kind === "word" && node.text === "null")
  );
}

function needsParentheses({ kind }: TsNode): boolean {
  return kind === "union" || kind === "and";
}

function pad(columns: number): string {
  return " ".repeat(columns);
}
