import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Every file that Node loads with this one before its first line runs. */
function staticClosure(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, path = ""] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"/g))
    staticClosure(join(dirname(file), path), known);
  return known;
}

function nameIn(files: Iterable<string>, text: string): readonly string[] {
  return [...files].filter((file) => readFileSync(file, "utf8").includes(text));
}

it.each([
  ["supabase-js", "X-Client-Info"],
  ["the spec's parser", "YAMLParseError"],
])("the program starts without %s", (_, mark) => {
  const chunks = readdirSync(join(dist, "chunks"), { withFileTypes: true }).filter((each) => each.isFile());
  expect(
    nameIn(
      chunks.map(({ name }) => join(dist, "chunks", name)),
      mark,
    ),
  ).not.toEqual([]);
  expect(nameIn(staticClosure(join(dist, "godwit.js")), mark)).toEqual([]);
});
