import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import type { Finding } from "../model/finding.ts";
import type { FileContent } from "../model/migration.ts";
import { fingerprintAside } from "../sql/fingerprint-aside.ts";
import { toChecksum } from "./checksum.ts";
import { inspectText } from "./inspect-text.ts";
import { systemCodeOf } from "./paths.ts";

/** Bytes that a migration file may have: 10 MB. The largest of 8,002 real files has 2.6 MB. */
export const longestFileBytes = 10_000_000;

export interface ReadFile {
  readonly content: FileContent;
  readonly findings: readonly Finding[];
}

type Unreadable = Extract<FileContent, { readonly kind: "unreadable" }>;

interface Reason {
  readonly reason: Unreadable["reason"];
  readonly message: string;
  readonly hint: string;
  readonly line?: number;
  readonly column?: number;
}

/** Reads one migration file and what is worth telling about its text; never throws. `shown` is its path for people. */
export async function readMigrationFile(location: string, shown: string): Promise<ReadFile> {
  const bytes = readBytes(location);
  if (!(bytes instanceof Uint8Array)) return unreadable(bytes, shown);
  const undecodable = findUndecodable(bytes);
  if (undecodable !== undefined) return unreadable(undecodable, shown);
  const text = bytes.toString("utf8");
  const hasByteOrderMark = text.startsWith("\uFEFF");
  const sql = hasByteOrderMark ? text.slice(1) : text;
  const fingerprint = await fingerprintAside(sql);
  return {
    content: { kind: "sql", sql, checksum: toChecksum(sql), fingerprint },
    findings: [
      ...(hasByteOrderMark ? [byteOrderMark(shown)] : []),
      ...inspectText({ sql, fingerprint, file: shown }),
    ],
  };
}

function readBytes(location: string): Buffer | Reason {
  try {
    // Many times as fast as the promised calls for the many small files of a folder, and never more than 10 MB at once.
    const stats = statSync(location);
    if (stats.isDirectory())
      return unreadableFile("The file is a link to a folder, and the Supabase CLI fails on it.");
    if (!stats.isFile()) return unreadableFile("It is a device, a pipe or a socket, not a file.");
    if (stats.size > longestFileBytes) return tooLarge(stats.size);
    return readFileSync(location);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT") return unreadableFile("The file is a link to nothing, or its name is no UTF-8.");
    return unreadableFile(`The system refuses to read the file (${code ?? "unknown error"}).`);
  }
}

function findUndecodable(bytes: Buffer): Reason | undefined {
  const nul = bytes.indexOf(0);
  if (nul < 0 && isUtf8(bytes)) return undefined;
  if (isUtf16(bytes)) {
    return {
      reason: nul < 0 ? "invalid_utf8" : "nul_byte",
      message: "The file is UTF-16, which Postgres and the Supabase CLI cannot read.",
      hint: "Save the file as UTF-8.",
      line: 1,
      column: 1,
    };
  }
  if (nul >= 0) {
    return {
      reason: "nul_byte",
      message: "The file holds a NUL byte, which no SQL text can.",
      hint: "Remove the byte; if the file looks damaged, restore it from version control.",
      ...positionOfByte(bytes, nul),
    };
  }
  return {
    reason: "invalid_utf8",
    message: "The file is not UTF-8, so its text cannot be known.",
    hint: "Save the file as UTF-8; it is likely in an older encoding such as Windows-1252.",
    ...positionOfByte(bytes, invalidByte(bytes)),
  };
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The offset of the first byte that is no UTF-8, found by halving: a cut character at a prefix's end is not held against it. */
function invalidByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(wholeCharacters(bytes.subarray(0, middle)))) good = middle;
    else bad = middle;
  }
  return wholeCharacters(bytes.subarray(0, good)).length;
}

function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80 || byte >= 0xc0) return bytes;
  }
  return bytes;
}

function positionOfByte(bytes: Buffer, offset: number): { readonly line: number; readonly column: number } {
  const before = bytes
    .subarray(0, offset)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const lines = before.split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

function tooLarge(size: number): Reason {
  return {
    reason: "file_too_large",
    message: `The file has ${size} bytes; ${longestFileBytes} are the limit.`,
    hint: "Split the file into several migrations, or load its data by other means.",
  };
}

function unreadableFile(message: string): Reason {
  return { reason: "unreadable_file", message, hint: "Restore the file, or remove it from the folder." };
}

function unreadable({ reason, message, ...facts }: Reason, file: string): ReadFile {
  return {
    content: { kind: "unreadable", reason, message },
    findings: [{ code: reason, severity: "error", message, file, ...facts }],
  };
}

function byteOrderMark(file: string): Finding {
  return {
    code: "byte_order_mark",
    severity: "warning",
    message:
      "The file begins with a byte order mark, which older Supabase CLIs and Postgres take for a syntax error.",
    hint: "Save the file as UTF-8 without byte order mark. Godwit reads it without.",
    file,
    line: 1,
    column: 1,
  };
}
