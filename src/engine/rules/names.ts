import type { Node, RangeVar } from "../sql/parse.ts";
import { namesOf } from "../sql/walk-tree.ts";

/** A name as a statement writes it; without a schema it is left to the search path. */
export interface Name {
  readonly schema?: string;
  readonly name: string;
}

/** The one spelling under which an object is looked up; the search path of a migration begins with `public`. */
export function keyOf({ schema, name }: Name): string {
  return `${schema ?? "public"}.${name}`;
}

/** As people write it. */
export function show({ schema, name }: Name): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** The name of a table or view in a statement. */
export function nameOfRange(range: RangeVar | undefined): Name {
  const { schemaname, relname = "" } = range ?? {};
  return schemaname === undefined ? { name: relname } : { schema: schemaname, name: relname };
}

/** A qualified name that the tree holds as a list of texts. */
export function nameOfList(list: unknown): Name {
  return toName(namesOf(list));
}

/** The objects that DROP and its like name, each as its parts; a policy's or trigger's table comes before its own name. */
export function partsOfObject(object: Node): readonly string[] {
  if ("List" in object) return namesOf(object.List.items);
  if ("ObjectWithArgs" in object) return namesOf(object.ObjectWithArgs.objname);
  if ("TypeName" in object) return namesOf(object.TypeName.names);
  return namesOf([object]);
}

/** The last one or two parts of a qualified name. */
export function toName(parts: readonly string[]): Name {
  const name = parts.at(-1) ?? "";
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** Schemas that Supabase manages itself (docs/rules.md, S18). */
const MANAGED =
  /^(?:auth|storage|realtime|_realtime|vault|extensions|graphql|graphql_public|net|cron|pgbouncer|pgsodium|pgsodium_masks|pgmq|supabase_\w+|_supavisor|_analytics)$/;

/** True for a schema whose objects belong to the platform. */
export function isManaged(schema: string | undefined): boolean {
  return schema !== undefined && MANAGED.test(schema);
}

/** True where clients reach a schema's objects through the API; without a name, where the search path leads there. */
export function isExposed(schema: string | undefined): boolean {
  return schema === undefined || schema === "public" || schema === "graphql_public";
}
