import * as z from "zod";
import { sql } from "../database/sql.ts";
import type { Database, Reader, Session } from "../ports.ts";
import type { SchemaSource } from "./schema-source.ts";
import { sourceQuery } from "./source-query.ts";

const source: z.ZodType<SchemaSource> = z.object({
  schemas: z.array(z.string()),
  existingSchemas: z.array(z.string()),
  relations: z.array(
    z.object({
      id: z.number(),
      schema: z.string(),
      name: z.string(),
      kind: z.enum(["r", "p", "f", "v", "m"]),
      can_insert: z.boolean(),
      can_update: z.boolean(),
    }),
  ),
  columns: z.array(
    z.object({
      relation: z.number(),
      number: z.number(),
      name: z.string(),
      type: z.string(),
      type_schema: z.string(),
      is_nullable: z.boolean(),
      has_default: z.boolean(),
      identity: z.string(),
      is_generated: z.boolean(),
      is_updatable: z.boolean(),
    }),
  ),
  functions: z.array(
    z.object({
      id: z.number(),
      schema: z.string(),
      name: z.string(),
      arguments: z.array(
        z.object({
          mode: z.enum(["i", "o", "b", "v", "t"]),
          name: z.string(),
          type: z.number(),
          has_default: z.boolean(),
        }),
      ),
      argument_text: z.string(),
      identity_text: z.string(),
      returns_text: z.string(),
      returns: z.number(),
      returns_relation: z.number().nullable(),
      is_set: z.boolean(),
      rows: z.number().nullable(),
    }),
  ),
  types: z.array(
    z.object({
      id: z.number(),
      schema: z.string(),
      name: z.string(),
      text: z.string(),
      relation: z.number().nullable(),
      labels: z.array(z.string()),
      attributes: z.array(z.object({ name: z.string(), type: z.number() })),
    }),
  ),
  foreignKeys: z.array(
    z.object({
      name: z.string(),
      relation: z.number(),
      columns: z.array(z.number()),
      referenced: z.number(),
      referenced_schema: z.string(),
      referenced_name: z.string(),
      referenced_columns: z.array(z.number()),
      names: z.array(z.string()),
      referenced_names: z.array(z.string()),
      is_one_to_one: z.boolean(),
    }),
  ),
  views: z.array(
    z.object({
      id: z.number(),
      columns: z.array(z.object({ number: z.number(), name: z.string() })),
      tree: z.string(),
    }),
  ),
});

/** Reads what types of these schemas are made of, under the role's own search path. Changes nothing. */
export function readSource(database: Database, schemas: readonly string[]): Promise<SchemaSource> {
  return database.transport === "session"
    ? database.withSession((session) => readInTransaction(session, schemas))
    : ask(database.reader({}), schemas);
}

async function readInTransaction(session: Session, schemas: readonly string[]): Promise<SchemaSource> {
  await session.run(sql`begin isolation level repeatable read read only`);
  try {
    // An earlier user of the connection may have left another search path, which shows in how types are written.
    await session.run(sql`reset all`);
    return await ask(session, schemas);
  } finally {
    await session.run(sql`rollback`).catch(() => session.discard());
  }
}

async function ask(reader: Reader, schemas: readonly string[]): Promise<SchemaSource> {
  const { rows } = await reader.run(sourceQuery(schemas));
  return source.parse(rows[0]?.["source"]);
}
