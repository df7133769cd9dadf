import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toBytesChecksum, toChecksum } from "../../../src/engine/files/checksum.ts";

const sha256 = (bytes: string) => createHash("sha256").update(bytes, "utf8").digest("hex");

test.each([
  ["select 1;", "select 1;\n"],
  ["select 1;\n", "select 1;\n"],
  ["select 1;\n\n\n", "select 1;\n"],
  ["select 1;\r\n", "select 1;\n"],
  ["a\rb\r\nc\n\rd", "a\nb\nc\n\nd\n"],
  ["\uFEFFselect 1;", "select 1;\n"],
  ["\uFEFF\uFEFFx", "\uFEFFx\n"],
  ["", "\n"],
  ["\n", "\n"],
  ["x ", "x \n"],
  ["  x", "  x\n"],
  ["é🎉", "é🎉\n"],
])("the checksum of %j is that of the canonical text %j", (text, canonical) => {
  expect(toChecksum(text)).toBe(sha256(canonical));
});

test("the checksum of a known text is pinned", () => {
  expect(toChecksum("select 1;")).toBe("4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c");
});

test("bytes that are no UTF-8 are taken as they are", () => {
  const bytes = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0d, 0x0a]);
  expect(toBytesChecksum(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(toBytesChecksum(Buffer.from("x\r\n"))).toBe(toChecksum("x"));
});
