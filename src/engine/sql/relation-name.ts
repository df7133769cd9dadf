import type { RelationName } from "../model/relation-name.ts";
import { isRecord } from "./walk-tree.ts";

/** The relation that a RangeVar names. */
export function toRelation(range: unknown): RelationName | undefined {
  if (!isRecord(range) || typeof range["relname"] !== "string") return undefined;
  const schema = range["schemaname"];
  return { schema: typeof schema === "string" ? schema : undefined, name: range["relname"] };
}

/** A name in one or more parts; a database's name in front is left out. */
export function toName(parts: readonly string[]): RelationName | undefined {
  const name = parts.at(-1);
  return name === undefined || name === "" ? undefined : { schema: parts.at(-2), name };
}
