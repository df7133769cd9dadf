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

/** Nobody looks at it on a screen: lines are as long as they are. */
export const anyWidth = Number.POSITIVE_INFINITY;

const gap = "  ";

/** No column gets narrower than this on its way into a screen. */
const narrowest = 8;

/**
 * Rows as columns, below their names; columns that are empty in every row are left out. The widest column gives way until the
 * lines are no longer than `width`.
 */
export function renderTable(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  width = anyWidth,
): string {
  const used = columns.filter((column) => rows.some((row) => row[column] !== undefined));
  const cells = rows.map((row) => used.map((column) => inOneLine(row[column] ?? "", 60)));
  const natural = used.map((column, index) =>
    cells.reduce((widest, line) => Math.max(widest, (line[index] ?? "").length), column.length),
  );
  const widths = narrow(natural, width - gap.length * (used.length - 1));
  const toLine = (line: readonly string[]): string =>
    line
      .map((cell, index) => inOneLine(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  return [used, ...cells].map(toLine).join("\n");
}

function narrow(widths: readonly number[], room: number): readonly number[] {
  const widest = Math.max(...widths);
  const excess = widths.reduce((sum, each) => sum + each, 0) - room;
  if (!(excess > 0) || widest <= narrowest) return widths;
  const at = widths.indexOf(widest);
  const next = Math.max(narrowest, ...widths.filter((each, index) => index !== at && each < widest));
  const to = Math.max(widest - excess, Math.min(next, widest - 1));
  return narrow(widths.with(at, Math.max(narrowest, to)), room);
}

/** Lines that begin with the given sign, and what goes on below it. */
export function renderList(sign: string, texts: readonly string[], width = anyWidth): string {
  return texts
    .map((text) => wrapText(`${sign} ${printable(text)}`, width, " ".repeat(sign.length + 1)))
    .join("\n");
}

/** Text in lines no longer than `width` where its words allow it; each but the first of a line begins with `indent`. */
export function wrapText(text: string, width: number, indent = ""): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, Math.max(width, indent.length + narrowest), indent))
    .join("\n");
}

function wrapLine(line: string, width: number, indent: string): string {
  if (line.length <= width) return line;
  const at = line.lastIndexOf(" ", width);
  const breakAt = at > indent.length ? at : line.indexOf(" ", width);
  if (breakAt === -1) return line;
  return `${line.slice(0, breakAt).trimEnd()}\n${wrapLine(`${indent}${line.slice(breakAt + 1).trimStart()}`, width, indent)}`;
}
