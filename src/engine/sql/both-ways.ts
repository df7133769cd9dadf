/** One file that holds a migration and its way back, as other tools keep both together. */
export interface BothWays {
  readonly up: string;
  readonly down: string;
  /** One-based line of the mark behind which the way back begins. */
  readonly downLine: number;
}

/** The marks of dbmate, goose and sql-migrate, node-pg-migrate, rambler and Play's evolutions; each fills its line. */
const mark =
  /^[ \t]*(?:--|#)[ \t]*(?:---[ \t]*)?(?:migrate:|\+goose[ \t]+|\+migrate[ \t]+|rambler[ \t]+|!)?(up|down)s?(?:[ \t]+migration)?(?:[ \t]+transaction:\w+)?\s*$/i;
const markWord = /migrate:|\+goose|\+migrate|rambler|!(?:ups|downs)|\bmigration\b/i;

/** Cuts such a file at its marks; undefined where nothing in it is marked as a way back. Every line keeps its bytes. */
export function splitBothWays(sql: string): BothWays | undefined {
  if (!/down/i.test(sql)) return undefined;
  const parts = { up: "", down: "" };
  let side: keyof typeof parts = "up";
  let downLine = 0;
  for (const [index, line] of sql.split(/(?<=\n)/).entries()) {
    const marked = readMark(line);
    if (marked === undefined) parts[side] += line;
    else side = marked;
    if (marked === "down" && downLine === 0) downLine = index + 1;
  }
  return downLine === 0 ? undefined : { ...parts, downLine };
}

function readMark(line: string): "up" | "down" | undefined {
  const word = mark.exec(line)?.[1]?.toLowerCase();
  if (word === undefined || !markWord.test(line)) return undefined;
  return word === "up" ? "up" : "down";
}
