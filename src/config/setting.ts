import type * as z from "zod";

/** One setting as its flag, its variables and its key in godwit.json; the one list that help, checks and documents read. */
export interface Setting {
  /** The flag without dashes; the key in godwit.json is the same with underscores. */
  readonly flag: string;
  /** Variables in the order in which they are looked at. */
  readonly variables: readonly string[];
  /** `switch` may stand without a value, `optional` may too and then means the default, `list` may be given many times. */
  readonly form: "value" | "switch" | "optional" | "list";
  /** What the value is, as shown in help; absent for switches. */
  readonly placeholder?: string;
  readonly isSecret?: boolean;
  readonly description: string;
  readonly default?: string;
  /** For a setting that protects: the value that counts wherever it is given, whatever the other places say. */
  readonly strictest?: true;
  /** Where false, it cannot stand in godwit.json. */
  readonly inFile: boolean;
  /**
   * Makes the schema from text (or, in godwit.json, a JSON value) to the setting's value. Its messages never hold the value.
   * A function, because most starts need none of them and making them all takes ten milliseconds.
   */
  readonly schema: () => z.ZodType;
}

/** The key of a setting in godwit.json. */
export function fileKey(flag: string): string {
  return flag.replaceAll("-", "_");
}
