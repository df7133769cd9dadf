import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderDocs } from "../../scripts/docs/render-docs.ts";
import { settings } from "../../src/config/settings.ts";

const root = new URL("../../", import.meta.url);

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), "utf8");
}

describe("a generated document", () => {
  it.each(Object.entries(renderDocs()))(
    "%s says what the sources say; npm run docs writes it anew",
    (path, text) => {
      expect(read(path)).toBe(text);
    },
  );
});

describe("mcp.json", () => {
  it("starts the program with variables that the program knows", () => {
    const { mcpServers } = JSON.parse(read("mcp.json")) as {
      readonly mcpServers: {
        readonly godwit: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
      };
    };
    const known: readonly string[] = settings.flatMap(({ variables }) => variables);
    for (const name of Object.keys(mcpServers.godwit.env)) expect(known).toContain(name);
    expect(mcpServers.godwit.args).toContain("godwit");
  });
});
