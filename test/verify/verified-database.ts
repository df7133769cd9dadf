import { connect } from "../engine/playground.ts";
import { createSupabaseDatabase, type TestDatabase } from "../support/test-database.ts";
import { verifiedSchema } from "./example.ts";

/** A Supabase database that holds the schema of the example. */
export async function createVerifiedDatabase(
  options: Parameters<typeof createSupabaseDatabase>[0] = {},
): Promise<TestDatabase> {
  const database = await createSupabaseDatabase(options);
  const sql = connect(database.url);
  await sql.unsafe(verifiedSchema).simple();
  await sql.end();
  return database;
}
