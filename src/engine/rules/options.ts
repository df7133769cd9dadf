import type { Node } from "../sql/parse.ts";
import { namesOf } from "../sql/walk-tree.ts";

/** The options of a statement by their names. */
export function optionsOf(
  options: readonly Node[] | undefined,
): readonly { readonly name: string; readonly value: Node | undefined }[] {
  return (options ?? []).flatMap((each) =>
    "DefElem" in each ? [{ name: each.DefElem.defname ?? "", value: each.DefElem.arg }] : [],
  );
}

/** An option's value as text: a word, a string, a number, or the names of a list joined. */
export function optionText(value: Node | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ("String" in value) return value.String.sval;
  if ("Integer" in value) return String(value.Integer.ival ?? 0);
  if ("Boolean" in value) return String(value.Boolean.boolval === true);
  if ("TypeName" in value) return namesOf(value.TypeName.names).at(-1);
  if ("List" in value) return namesOf(value.List.items).join(", ");
  return undefined;
}

/** The value of one option as text; undefined where it is not given. */
export function findOption(options: readonly Node[] | undefined, name: string): string | undefined {
  const found = optionsOf(options).find((option) => option.name === name);
  return found === undefined ? undefined : (optionText(found.value) ?? "");
}
