import type { ErrorAnswer } from "../error-answer.ts";
import { inCommandWords } from "./in-command-words.ts";
import { anyWidth, inOneLine, printable, wrapText } from "./render-text.ts";

const places = ["file", "version", "statement", "line", "column", "sqlstate"];

/** An error for people: what is so, where, and what to do. */
export function renderError({ error }: ErrorAnswer, width = anyWidth): string {
  const place = places
    .filter((key) => error[key] !== undefined)
    .map((key) => `${key} ${inOneLine(error[key], 120)}`);
  const lines = [
    wrapText(`error ${error.code}: ${printable(error.message)}`, width, "  "),
    ...(place.length === 0 ? [] : [wrapText(`  at ${place.join(", ")}`, width, "    ")]),
    ...(error["detail"] === undefined ? [] : [`  detail: ${printable(error["detail"])}`]),
    ...(typeof error["snippet"] === "string" ? [indent(printable(error["snippet"]))] : []),
    wrapText(`  hint: ${inCommandWords(printable(error.hint))}`, width, "    "),
  ];
  return `${lines.join("\n")}\n`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
