import { EngineError } from "../errors.ts";

/** What generated files declare, now and in earlier versions of Supabase's generator. */
const declared: ReadonlySet<string> = new Set([
  "Json",
  "Database",
  "DatabaseWithoutInternals",
  "DefaultSchema",
  "PublicSchema",
  "Tables",
  "TablesInsert",
  "TablesUpdate",
  "Enums",
  "CompositeTypes",
  "Constants",
]);

const firstDeclaration = /^export type Json =/m;
const declarations = /^(?:export\s+)?(?:declare\s+)?(?:default\s+)?(\w+)(?:\s+([\w$]+))?/gm;

/**
 * The new text of a file of generated types; comments above the first declaration stay. Throws `file_exists` where the file
 * holds anything that was not generated, which would be lost.
 */
export function replaceTypes(existing: string | undefined, types: string): string {
  if (existing === undefined || existing.trim() === "") return types;
  const text = existing.replaceAll("\r\n", "\n");
  const start = text.search(firstDeclaration);
  if (start === -1 || !/^export (?:type|interface) Database\b/m.test(text))
    throw refuse("It does not hold generated types.");
  const head = text.slice(0, start);
  if (withoutComments(head).trim() !== "") throw refuse("It holds more than generated types, above them.");
  const own = [...withoutComments(text.slice(start)).matchAll(declarations)].find(
    ([, word = "", name = ""]) => !(/^(?:type|interface|const)$/.test(word) && declared.has(name)),
  );
  if (own !== undefined)
    throw refuse(`It holds more than generated types: ${JSON.stringify(own[0].slice(0, 60))}.`);
  return head + types;
}

function withoutComments(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/^\s*\/\*[\s\S]*?\*\//gm, "")
    .replace(/^\s*\/\/.*$/gm, "");
}

function refuse(why: string): EngineError {
  return new EngineError("file_exists", `The file exists and was left as it is. ${why}`, {
    hint: "Give another file, or move what is yours out of it.",
  });
}
