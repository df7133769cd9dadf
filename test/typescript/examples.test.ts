import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../engine/playground.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { exampleSchema } from "./example-schema.ts";
import { generateOwn, generateReference } from "./reference-generator.ts";

describe("generated types of a schema with everything in it", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
    const sql = connect(database.url);
    await sql.unsafe(exampleSchema).simple();
    await sql.end();
  });

  afterAll(() => database.drop());

  it("name the server's version where one is given, as hosted projects do", async () => {
    const options = { postgrestVersion: "13.0.5" };
    const own = await generateOwn(database.url, ["api"], options);
    expect(own).toBe(await generateReference(database.url, ["api"], options));
    expect(own).toContain('PostgrestVersion: "13.0.5"');
  });

  it("keep all labels in a set of an enum whose schema is left out, where Supabase's keep the last alone", async () => {
    const sql = connect(database.url);
    await sql
      .unsafe(
        `create schema sets; create function sets.secrets() returns setof private.secret language sql as 'select ''x''::private.secret'`,
      )
      .simple();
    await sql.end();
    expect(await generateOwn(database.url, ["sets"])).toContain('Returns: ("x" | "y")[]');
    expect(await generateReference(database.url, ["sets"])).toContain('Returns: "x" | "y"[]');
  });

  it.each([[["public"]], [["public", "api"]], [["private"]], [["api", "private", "public"]]])(
    "are byte for byte what Supabase's generator writes for %j",
    async (schemas) => {
      expect(await generateOwn(database.url, schemas)).toBe(await generateReference(database.url, schemas));
    },
  );
});
