import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";

/** The text that a checksum is taken of: no byte order mark, LF line ends, exactly one newline at the end. */
export function toCanonicalText(sql: string): string {
  const text = sql.startsWith("\uFEFF") ? sql.slice(1) : sql;
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  let end = lines.length;
  while (end > 0 && lines.charCodeAt(end - 1) === 10) end -= 1;
  return `${lines.slice(0, end)}\n`;
}

/** SHA-256, hex, of the canonical text in UTF-8 (docs/formats.md, "Checksum"). */
export function toChecksum(sql: string): string {
  return createHash("sha256").update(toCanonicalText(sql), "utf8").digest("hex");
}

/** The checksum of a file's bytes: of their text where they are UTF-8, else SHA-256, hex, of the bytes as they are. */
export function toBytesChecksum(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return toChecksum(Buffer.from(bytes).toString("utf8"));
  return createHash("sha256").update(bytes).digest("hex");
}
