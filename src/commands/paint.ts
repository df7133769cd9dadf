/** Escape sequences of terminals (ECMA-48, select graphic rendition). */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

type Paint = keyof typeof codes;

/** What is painted: a pattern of one line, and how. The first that matches counts. */
const rules: readonly (readonly [RegExp, Paint])[] = [
  [/^error [a-z_]+:/, "red"],
  [/^warning:/, "yellow"],
  [/^next:/, "cyan"],
  [/^ +hint:/, "cyan"],
  [/(?<=^\S+ {2})error(?= |$)|^error(?= )|(?<= {2})failed(?= {2}|$)/, "red"],
  [/(?<=^\S+ {2})warning(?= |$)|^warning(?= )/, "yellow"],
  [/^(?:target|folder|file|against) .*$|^plan_id .*$|^<\/?untrusted-[0-9a-f]+>$/, "dim"],
  [/(?<= {2})(?:applied|completed|passed)(?= {2}|$)/, "green"],
  [
    /(?<= {2})(?:pending|out_of_order|edited|missing_file|renumbered|renamed|duplicate_version|incomplete)(?= {2}|$)/,
    "yellow",
  ],
];

/** A text of ours with colours for a terminal; the first paragraph, which says what is so, is bold. */
export function paint(text: string): string {
  const lines = text.split("\n");
  const isSummary = rules.every(([pattern]) => !pattern.test(lines[0] ?? ""));
  const end = isSummary ? lines.indexOf("") : 0;
  return lines.map((line, index) => (index < end ? paintWith(line, "bold") : paintLine(line))).join("\n");
}

function paintLine(line: string): string {
  const rule = rules.find(([pattern]) => pattern.test(line));
  return rule === undefined ? line : line.replace(rule[0], (found) => paintWith(found, rule[1]));
}

function paintWith(text: string, how: Paint): string {
  return text === "" ? "" : `\u001b[${codes[how]}m${text}\u001b[0m`;
}
