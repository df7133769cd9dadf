import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/engine/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function readAll(folder: string, ends: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ends) && !path.endsWith("error-codes.test.ts"))
    .map((path) => readFileSync(join(root, folder, path), "utf8"))
    .join("\n");
}

const tests = readAll("test", ".test.ts");
const sources = readAll("src", ".ts").replace(
  readFileSync(join(root, "src/engine/error-table.ts"), "utf8"),
  "",
);
const document = readFileSync(join(root, "docs/errors.md"), "utf8");
const codes = Object.keys(errorTable);

describe("the error codes", () => {
  it.each(codes)("%s is documented", (code) => {
    expect(document).toContain(`| \`${code}\` |`);
  });

  it("are each thrown somewhere in the sources", () => {
    expect(
      codes.filter((code) => !sources.includes(`"${code}"`) && !sources.includes(`errorTable.${code}`)),
    ).toEqual([]);
  });

  it("are each expected by a test", () => {
    expect(codes.filter((code) => !tests.includes(`"${code}"`))).toEqual([]);
  });
});
