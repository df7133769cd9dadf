export type LineColumn = {
  /** 1-based; lines end at a line feed. */
  readonly line: number;
  /** 1-based, in code points. */
  readonly column: number;
};

const LONGEST_SNIPPET = 120;

/** The line and column of a UTF-16 offset; an offset past the end is the end. */
export function lineColumnAt(sql: string, offset: number): LineColumn {
  return positionFinder(sql)(offset);
}

/** Answers many `lineColumnAt` questions in one walk over the text, as long as the offsets ascend. */
export function positionFinder(sql: string): (offset: number) => LineColumn {
  let at = 0;
  let line = 1;
  let column = 1;
  return (offset) => {
    if (offset < at) {
      at = 0;
      line = 1;
      column = 1;
    }
    const target = Math.min(offset, sql.length);
    while (at < target) {
      const width = codeUnitsAt(sql, at);
      if (at + width > target) break;
      const isLineEnd = sql.charCodeAt(at) === 10;
      line += isLineEnd ? 1 : 0;
      column = isLineEnd ? 1 : column + 1;
      at += width;
    }
    return { line, column };
  };
}

/** The UTF-16 offset of a 1-based code point position, which is how PostgreSQL reports errors; past the end is the end. */
export function offsetOfCodePoint(sql: string, position1Based: number): number {
  let offset = 0;
  for (let position = 1; position < position1Based && offset < sql.length; position += 1) {
    offset += codeUnitsAt(sql, offset);
  }
  return offset;
}

/** Turns UTF-8 byte offsets, which libpg-query reports, into UTF-16 offsets; linear as long as they ascend. */
export function byteOffsetFinder(sql: string): (byteOffset: number) => number {
  if (Buffer.byteLength(sql) === sql.length) return (byteOffset) => Math.min(byteOffset, sql.length);
  let at = 0;
  let bytes = 0;
  return (byteOffset) => {
    if (byteOffset < bytes) {
      at = 0;
      bytes = 0;
    }
    while (bytes < byteOffset && at < sql.length) {
      const width = codeUnitsAt(sql, at);
      bytes += bytesOf(sql.charCodeAt(at), width);
      at += width;
    }
    return at;
  };
}

/** The source line of an offset with a caret line beneath it; a long line is cut around the position. */
export function caretSnippet(sql: string, offset: number): string {
  const position = Math.max(0, Math.min(offset, sql.length));
  const lineStart = sql.lastIndexOf("\n", position - 1) + 1;
  const nextBreak = sql.indexOf("\n", position);
  const lineEnd = nextBreak < 0 ? sql.length : nextBreak;
  const line = sql.slice(lineStart, lineEnd).replace(/\r$/, "");
  const before = [...sql.slice(lineStart, position).replace(/\r$/, "")];
  const shown = cutAround([...line], before.length);
  const padding = shown.before.map((character) => (character === "\t" ? "\t" : " ")).join("");
  return `${shown.text}\n${padding}^`;
}

function cutAround(
  line: readonly string[],
  caret: number,
): { readonly text: string; readonly before: readonly string[] } {
  if (line.length <= LONGEST_SNIPPET) return { text: line.join(""), before: line.slice(0, caret) };
  const from = Math.max(0, Math.min(caret - LONGEST_SNIPPET / 2, line.length - LONGEST_SNIPPET));
  const to = Math.min(line.length, from + LONGEST_SNIPPET);
  const lead = from > 0 ? ["…"] : [];
  const tail = to < line.length ? "…" : "";
  return {
    text: `${lead.join("")}${line.slice(from, to).join("")}${tail}`,
    before: [...lead, ...line.slice(from, caret)],
  };
}

function codeUnitsAt(sql: string, at: number): number {
  return (sql.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function bytesOf(codeUnit: number, width: number): number {
  if (width === 2) return 4;
  if (codeUnit < 0x80) return 1;
  return codeUnit < 0x800 ? 2 : 3;
}
