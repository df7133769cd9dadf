import { parseStatements } from "./parse.ts";
import { isRecord, namesOf } from "./walk-tree.ts";

/** What a statement names whose rows go without being deleted one by one. */
export interface DoomedTables {
  /** Tables as the statement writes them, quoted. */
  readonly tables: readonly string[];
  /** Schemas that are dropped with everything in them. */
  readonly schemas: readonly string[];
  /** True where partitions and children go too, as they do unless ONLY is said. */
  readonly withChildren: boolean;
  /** True for TRUNCATE … CASCADE, which empties what refers to the tables as well. */
  readonly withReferrers: boolean;
}

/** The tables that a DROP or TRUNCATE names; undefined for any other statement. */
export async function findDoomedTables(text: string): Promise<DoomedTables | undefined> {
  // Most statements of most files are neither, and need not be parsed again.
  if (!/\b(?:drop|truncate)\b/i.test(text)) return undefined;
  const parsed = await parseStatements(text);
  const node: unknown = parsed.kind === "parsed" ? parsed.statements[0]?.node : undefined;
  if (!isRecord(node)) return undefined;
  if (isRecord(node["TruncateStmt"])) return readTruncate(node["TruncateStmt"]);
  return isRecord(node["DropStmt"]) ? readDrop(node["DropStmt"]) : undefined;
}

function readTruncate(statement: Readonly<Record<string, unknown>>): DoomedTables {
  const relations = listOf(statement["relations"]).flatMap((item) =>
    isRecord(item) && isRecord(item["RangeVar"]) ? [item["RangeVar"]] : [],
  );
  return {
    tables: relations.map(({ schemaname, relname }) => qualify([schemaname, relname])),
    schemas: [],
    withChildren: relations.some(({ inh }) => inh === true),
    withReferrers: statement["behavior"] === "DROP_CASCADE",
  };
}

function readDrop(statement: Readonly<Record<string, unknown>>): DoomedTables | undefined {
  const objects = listOf(statement["objects"]);
  const names = objects.map((item) =>
    isRecord(item) && isRecord(item["List"]) ? namesOf(item["List"]["items"]) : namesOf([item]),
  );
  const rest = { withChildren: true, withReferrers: false };
  if (statement["removeType"] === "OBJECT_TABLE") return { tables: names.map(qualify), schemas: [], ...rest };
  if (statement["removeType"] === "OBJECT_SCHEMA") return { tables: [], schemas: names.flat(), ...rest };
  return undefined;
}

function qualify(parts: readonly unknown[]): string {
  return parts
    .filter((part): part is string => typeof part === "string" && part !== "")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
