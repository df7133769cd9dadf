/** Text that may come from a database or a file, made safe to print: control characters could steer the terminal. */
export function printable(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "?");
}

/** The same in one line, cut to at most this many characters. */
export function inOneLine(value: unknown, longest: number): string {
  const text = printable(value).replace(/\s+/g, " ").trim();
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Rows as columns of equal width, below their names; columns that are empty in every row are left out. */
export function renderTable(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const used = columns.filter((column) => rows.some((row) => row[column] !== undefined));
  const cells = rows.map((row) => used.map((column) => inOneLine(row[column] ?? "", 60)));
  const widths = used.map((column, index) =>
    cells.reduce((widest, line) => Math.max(widest, (line[index] ?? "").length), column.length),
  );
  const toLine = (line: readonly string[]): string =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [used, ...cells].map(toLine).join("\n");
}

/** Lines that begin with the given sign. */
export function renderList(sign: string, texts: readonly string[]): string {
  return texts.map((text) => `${sign} ${printable(text)}`).join("\n");
}
