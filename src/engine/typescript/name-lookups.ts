/**
 * The types by which code names a row: `Tables<"orders">`, `Tables<{ schema: "api" }, "orders">`, and the like for inserts,
 * updates, enums and composite types. They are part of what supabase-js users import, so their names and parameters are fixed.
 */
export function writeLookups(): string {
  return [
    lookUpRow(),
    lookUpWrite("TablesInsert", "Insert", "I"),
    lookUpWrite("TablesUpdate", "Update", "U"),
    lookUpNamed({ type: "Enums", options: "DefaultSchemaEnumNameOrOptions", name: "EnumName" }),
    lookUpNamed({
      type: "CompositeTypes",
      options: "PublicCompositeTypeNameOrOptions",
      name: "CompositeTypeName",
    }),
  ].join("\n");
}

const table = "DefaultSchemaTableNameOrOptions";

/** A section of the schema that the options name. */
function named(options: string, section: string): string {
  return `DatabaseWithoutInternals[${options}["schema"]]["${section}"]`;
}

interface Parameters {
  readonly type: string;
  readonly options: string;
  readonly name: string;
  /** The keys that may be given alone, and those of the schema that is given. */
  readonly keys: string;
  readonly keysOfNamed: string;
}

function openLookUp({ type, options, name, keys, keysOfNamed }: Parameters): string {
  return `export type ${type}<
  ${options} extends
    | keyof ${keys}
    | { schema: keyof DatabaseWithoutInternals },
  ${name} extends (${options} extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof ${keysOfNamed}
    : never) = never,
> = ${options} extends {
  schema: keyof DatabaseWithoutInternals
}
`;
}

function lookUpRow(): string {
  const both = (indent: string) => `(${named(table, "Tables")} &\n${indent}${named(table, "Views")})`;
  return `${openLookUp({
    type: "Tables",
    options: table,
    name: "TableName",
    keys: `(DefaultSchema["Tables"] & DefaultSchema["Views"])`,
    keysOfNamed: both("        "),
  })}  ? ${both("      ")}[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : ${table} extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[${table}] extends {
        Row: infer R
      }
      ? R
      : never
    : never
`;
}

function lookUpWrite(type: string, part: string, letter: string): string {
  return `${openLookUp({
    type,
    options: table,
    name: "TableName",
    keys: `DefaultSchema["Tables"]`,
    keysOfNamed: named(table, "Tables"),
  })}  ? ${named(table, "Tables")}[TableName] extends {
      ${part}: infer ${letter}
    }
    ? ${letter}
    : never
  : ${table} extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][${table}] extends {
        ${part}: infer ${letter}
      }
      ? ${letter}
      : never
    : never
`;
}

function lookUpNamed({ type, options, name }: Pick<Parameters, "type" | "options" | "name">): string {
  return `${openLookUp({
    type,
    options,
    name,
    keys: `DefaultSchema["${type}"]`,
    keysOfNamed: named(options, type),
  })}  ? ${named(options, type)}[${name}]
  : ${options} extends keyof DefaultSchema["${type}"]
    ? DefaultSchema["${type}"][${options}]
    : never
`;
}
