import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../engine/playground.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { exampleSchema } from "./example-schema.ts";
import { unusualSchema } from "./unusual-schema.ts";
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

describe.each([15, 17, 18] as const)(
  "generated types of unusual names and shapes on Postgres %d",
  (major) => {
    it("are byte for byte what Supabase's generator writes", async () => {
      const database = await createDatabase({ major });
      try {
        const sql = connect(database.url);
        await sql.unsafe(unusualSchema).simple();
        if (major === 18) await sql.unsafe(virtualColumns).simple();
        await sql.end();
        for (const schemas of [
          ["public"],
          ["Odd Schema", "nothing_in_it"],
          ["nothing_in_it"],
          ["public", "Odd Schema"],
        ]) {
          const reference = await generateReference(database.url, schemas);
          expect(await generateOwn(database.url, schemas)).toBe(withKeyColumns(reference));
        }
      } finally {
        await database.drop();
      }
    });
  },
);

/** Supabase's generator loses the columns of a foreign key from a table to itself where its name is written in quotes. */
function withKeyColumns(reference: string): string {
  return reference
    .replaceAll(" columns: null", ' columns: ["twin"]')
    .replaceAll("referencedColumns: null", 'referencedColumns: ["Id"]');
}

const virtualColumns =
  "create table public.virtual_columns (a int, b int generated always as (a * 2) virtual, c int not null, constraint later foreign key (c) references public.refers (id) not enforced);";
