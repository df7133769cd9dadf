import { mkdtempSync, readFileSync, rmSync, statSync, chmodSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runTokenCommand } from "../../../src/commands/index.ts";
import { findToken, parseTokenFile } from "../../../src/tokens/token-file.ts";
import { tokenPath } from "../../../src/tokens/token-path.ts";
import { readTokenFile, watchTokenFile } from "../../../src/tokens/token-store.ts";

const now = new Date("2026-11-23T12:00:00Z");
const dayMs = 86_400_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "godwit-tokens-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(flags: Readonly<Record<string, string>>): { code: number; out: string } {
  let out = "";
  const write = (text: string): void => void (out += text);
  const values = new Map(Object.entries(flags).map(([flag, value]) => [flag, value.split(" ")]));
  const targets = ["staging", "production"];
  const surroundings = { path: tokenPath(folder), now, targets, writeOut: write, writeError: write };
  return { code: runTokenCommand(values, surroundings), out };
}

function add(flags: Readonly<Record<string, string>> = {}): { readonly token: string; readonly id: string } {
  return JSON.parse(run({ action: "add", json: "true", ...flags }).out) as { token: string; id: string };
}

describe("a token", () => {
  it("is kept as a hash, in a file that only its owner may read", () => {
    const { token } = add({ name: "ci", scope: "write", expires: "30d" });
    const path = tokenPath(folder);
    expect(readFileSync(path, "utf8")).not.toContain(token.slice(13));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = parseTokenFile(readFileSync(path, "utf8"), path);
    expect(findToken(file, token, now)).toMatchObject({ name: "ci", scope: "write" });
  });

  it("is found neither changed, nor cut, nor after its time, nor once revoked", () => {
    const { token, id } = add({ expires: "1d" });
    const file = readTokenFile(tokenPath(folder));
    if (file === undefined) throw new Error("There is no file.");
    const other = token.endsWith("A") ? `${token.slice(0, -1)}B` : `${token.slice(0, -1)}A`;
    for (const wrong of [other, token.slice(0, -1), `${token}A`, "", id, file.tokens[0]?.sha256 ?? ""])
      expect(findToken(file, wrong, now)).toBeUndefined();
    expect(findToken(file, token, new Date(now.getTime() + dayMs - 1))).toBeDefined();
    expect(findToken(file, token, new Date(now.getTime() + dayMs))).toBeUndefined();
    expect(run({ action: "revoke", id }).code).toBe(0);
    expect(readTokenFile(tokenPath(folder))?.tokens).toEqual([]);
  });

  it("is for the targets that it was made for, which godwit.json has to name", () => {
    const { token } = add({ target: "staging staging" });
    const path = tokenPath(folder);
    expect(findToken(parseTokenFile(readFileSync(path, "utf8"), path), token, now)).toMatchObject({
      targets: ["staging"],
    });
    expect(run({ action: "list" }).out).toContain("on staging");
    const refused = run({ action: "add", target: "stagign" });
    expect(refused).toMatchObject({
      code: 2,
      out: expect.stringContaining("godwit.json names staging, production"),
    });
  });

  it("that others may read is no secret: the file is refused", () => {
    add();
    chmodSync(tokenPath(folder), 0o644);
    expect(() => readTokenFile(tokenPath(folder))).toThrow(
      expect.objectContaining({ code: "invalid_settings" }),
    );
    expect(run({ action: "list" }).code).toBe(2);
  });

  it("of a damaged file lets nobody in", () => {
    add();
    writeFileSync(tokenPath(folder), "{");
    expect(() => watchTokenFile(tokenPath(folder))()).toThrow(
      expect.objectContaining({ code: "invalid_settings" }),
    );
  });

  it("is seen by who watches the file, and gone once revoked", () => {
    const read = watchTokenFile(tokenPath(folder));
    expect(read()).toBeUndefined();
    const { id } = add();
    expect(read()?.tokens).toHaveLength(1);
    run({ action: "revoke", id });
    expect(read()?.tokens).toHaveLength(0);
  });
});

describe("godwit token", () => {
  it.each([
    [{ action: "add", scope: "root" }],
    [{ action: "add", expires: "never" }],
    [{ action: "add", expires: "0d" }],
    [{ action: "add", expires: "9999d" }],
    [{ action: "add", name: "\u001b[31m" }],
    [{ action: "add", id: "x" }],
    [{ action: "revoke", id: "00000000" }],
    [{ action: "revoke" }],
    [{ action: "lst" }],
  ])("refuses %j and changes nothing", (flags) => {
    expect(run(flags).code).toBe(2);
    expect(readTokenFile(tokenPath(folder))).toBeUndefined();
  });

  it("lists tokens without hashes, and says which have expired", () => {
    add({ name: "old", expires: "1m" });
    const { out } = run({ action: "list" });
    expect(out).toContain("old");
    expect(out).not.toContain(readTokenFile(tokenPath(folder))?.tokens[0]?.sha256);
  });
});
