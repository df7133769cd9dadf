import { foldWord, isBlank, lex } from "../lex.ts";
import type { Node } from "../parse.ts";

/**
 * Whether a DO block ends the transaction it runs in: COMMIT or ROLLBACK as a statement of its body, comments, strings
 * and qualified names aside. What a called procedure does, its text does not tell.
 */
export function controlsTransaction(node: Node): boolean {
  return bodyOf(node).some(endsTransaction);
}

function bodyOf(node: Node): readonly string[] {
  if (!("DoStmt" in node)) return [];
  return (node.DoStmt.args ?? []).flatMap((argument) => {
    if (!("DefElem" in argument) || argument.DefElem.defname !== "as") return [];
    const body = argument.DefElem.arg;
    return body !== undefined && "String" in body && body.String.sval !== undefined ? [body.String.sval] : [];
  });
}

/** After COMMIT or ROLLBACK stands `;`, `and chain`, or in other languages `(`. */
const AFTER_VERB = new Set([";", "and", "(", ""]);

function endsTransaction(body: string): boolean {
  const texts = lex(body)
    .filter((token) => !isBlank(token))
    .map((token) =>
      token.kind === "word"
        ? foldWord(body.slice(token.start, token.end))
        : body.slice(token.start, token.end),
    );
  return texts.some((text, index) => {
    if (text !== "commit" && text !== "rollback") return false;
    const isQualified = texts[index - 1] === ".";
    const next = texts[index + 1] ?? "";
    return next === "(" ? isQualified : !isQualified && AFTER_VERB.has(next);
  });
}
