import type { StatementClass } from "../sql/classify.ts";
import type { Node } from "../sql/parse.ts";
import type { LineColumn } from "../sql/position.ts";

/** One statement as rules see it: of the file itself, or one that a DO block or a called function runs. */
export interface StatementView extends LineColumn {
  readonly node: Node;
  /** The statement's own text, without the comments before it. */
  readonly text: string;
  readonly classification: StatementClass;
  /** One-based, of the file's statement that runs it. */
  readonly statement: number;
  /** Where it stands: in the file, in a DO block, or in the body of a function that the file calls. */
  readonly place: "file" | "block" | "function";
}
