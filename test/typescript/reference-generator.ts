import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { readSource } from "../../src/engine/typescript/read-source.ts";
import { writeTypes } from "../../src/engine/typescript/write-types.ts";

interface Queryable {
  readonly query: (text: string) => Promise<{ readonly rows: unknown[] }>;
}

/** The parts of Supabase's generator that its server and CLI use, too. */
interface Generator {
  readonly introspect: (db: Queryable, options: { readonly includedSchemas: string[] }) => Promise<object>;
  readonly sortGeneratorMetadata: (metadata: object) => object;
  readonly generateTypescript: (
    metadata: object,
    options: { readonly detectOneToOneRelationships: boolean; readonly postgrestVersion?: string },
  ) => Promise<string>;
}

/** What Supabase's own generator writes for these schemas of a database, with the CLI's options. */
export async function generateReference(
  url: string,
  schemas: readonly string[],
  options: { readonly postgrestVersion?: string } = {},
): Promise<string> {
  const generator = await loadGenerator();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const query = async (text: string) => ({ rows: Array.from<unknown>(await sql.unsafe(text)) });
    const metadata = await generator.introspect({ query }, { includedSchemas: [...schemas] });
    return await generator.generateTypescript(generator.sortGeneratorMetadata(metadata), {
      detectOneToOneRelationships: true,
      ...options,
    });
  } finally {
    await sql.end();
  }
}

/** The generator is a package of its own that postgres-meta depends on. */
async function loadGenerator(): Promise<Generator> {
  const ofMeta = createRequire(createRequire(import.meta.url).resolve("@supabase/postgres-meta"));
  return import(pathToFileURL(ofMeta.resolve("@supabase/postgrest-typegen")).href);
}

/** Every schema of a database, the platform's too. */
export async function listSchemas(url: string): Promise<readonly string[]> {
  const database = await openDatabase({ kind: "postgres", url });
  try {
    return (await readSource(database, [])).existingSchemas;
  } finally {
    await database.close();
  }
}

/** What Godwit writes for the same. */
export async function generateOwn(
  url: string,
  schemas: readonly string[],
  options: { readonly postgrestVersion?: string } = {},
): Promise<string> {
  const database = await openDatabase({ kind: "postgres", url });
  try {
    return writeTypes(await readSource(database, schemas), options);
  } finally {
    await database.close();
  }
}
