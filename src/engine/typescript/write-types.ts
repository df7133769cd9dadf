import { describeDatabase, enumsOf, schemasOf } from "./database-type.ts";
import { writeLookups } from "./name-lookups.ts";
import { printNode } from "./print-node.ts";
import type { SchemaSource } from "./schema-source.ts";
import { lines, literal, quoteText, toKey, tuple, word, type TsMember } from "./ts-node.ts";

/** The file that supabase-js users import `Database` from, equal to what Supabase's own generator writes (docs/decisions/0033). */
export function writeTypes(
  source: SchemaSource,
  { postgrestVersion }: { readonly postgrestVersion?: string },
): string {
  const internals = postgrestVersion === undefined ? [] : [describeInternals(postgrestVersion)];
  const database = printNode(lines([...internals, ...describeDatabase(source)]), {
    indent: 0,
    column: 0,
    behind: 0,
  });
  return `${json}
export type Database = ${database}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

${writeLookups()}
${writeConstants(source)}`;
}

const json = `export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]
`;

function describeInternals(postgrestVersion: string): TsMember {
  return {
    key: "__InternalSupabase",
    comment: [
      "Allows to automatically instantiate createClient with right options",
      "instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)",
    ],
    type: lines([{ key: "PostgrestVersion", type: word(quoteText(postgrestVersion)) }]),
  };
}

/** The labels of enums as values, for forms and validators. */
function writeConstants(source: SchemaSource): string {
  const schemas = schemasOf(source).map((schema) => {
    const enums = enumsOf(schema, source).map(({ name, labels }) => {
      const place = { indent: 6, column: 6 + toKey(name).length + 2, behind: 1 };
      return `      ${toKey(name)}: ${printNode(tuple(labels.map(literal)), place)},\n`;
    });
    const body = enums.length === 0 ? "{}" : `{\n${enums.join("")}    }`;
    return `  ${toKey(schema)}: {\n    Enums: ${body},\n  },\n`;
  });
  return `export const Constants = {\n${schemas.join("")}} as const\n`;
}
