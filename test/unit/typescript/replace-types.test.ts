import { describe, expect, it } from "vitest";
import { replaceTypes } from "../../../src/engine/typescript/replace-types.ts";
import { writeTypes } from "../../../src/engine/typescript/write-types.ts";

const empty = {
  schemas: ["public"],
  existingSchemas: ["public"],
  relations: [],
  columns: [],
  functions: [],
  types: [],
  foreignKeys: [],
  views: [],
};
const types = writeTypes(empty, {});
const newer = writeTypes(empty, { postgrestVersion: "13" });

describe("replacing a file of generated types", () => {
  it("takes the place of what it, or an earlier generator, wrote", () => {
    expect(replaceTypes(undefined, newer)).toBe(newer);
    expect(replaceTypes("\n", newer)).toBe(newer);
    expect(replaceTypes(types, newer)).toBe(newer);
    const older = `export type Json =\n  | string\n\nexport interface Database {\n  public: {}\n}\n\ntype PublicSchema = Database["public"]\n`;
    expect(replaceTypes(older, newer)).toBe(newer);
    expect(replaceTypes(types.replaceAll("\n", "\r\n"), newer)).toBe(newer);
  });

  it("keeps comments above them", () => {
    const head = "/* eslint-disable */\n// generated\n\n";
    expect(replaceTypes(head + types, newer)).toBe(head + newer);
  });

  it.each([
    ["something else", "export const answer = 42;\n"],
    ["an import above", `import "./x";\n${types}`],
    ["a type of somebody's own below", `${types}\nexport type Order = Tables<"orders">\n`],
    ["a statement below", `${types}\nconsole.log(Constants)\n`],
    ["an export list below", `${types}\nexport { x } from "./x"\n`],
  ])("refuses to lose %s", (_, existing) => {
    expect(() => replaceTypes(existing, newer)).toThrow(expect.objectContaining({ code: "file_exists" }));
  });
});
