/**
 * The text with casts of whole array constructors written as casts of their elements, as the server itself writes them once it has
 * read its own text: `((ARRAY['a'::character varying])::text[])` comes back as `(ARRAY[('a'::character varying)::text])`, so that
 * `in ('a', 'b')` on a varchar column reads otherwise after every way through a file (transformArrayExpr, parse_expr.c).
 */
export function foldArrayCasts(text: string): string {
  let result = "";
  let from = 0;
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, from)) {
    const folded = isQuoted(text, at) ? undefined : foldAt(text, at);
    const end = folded?.end ?? at + 1;
    result += text.slice(from, at) + (folded?.text ?? text.slice(at, end));
    from = end;
  }
  return result + text.slice(from);
}

const opening = "((ARRAY[";

/** A type's name and modifier, without the brackets of an array. */
const castOfArray = /^\)::([a-z_"][\w ."]*(?:\(\d+(?:,\d+)?\))?)\[\]\)/i;

function foldAt(text: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const elements = readElements(text, at + opening.length);
  if (elements === undefined) return undefined;
  const cast = castOfArray.exec(text.slice(elements.end, elements.end + 200));
  if (cast === null) return undefined;
  const casts = elements.list.map((element) => `(${element})::${cast[1] ?? ""}`);
  return { text: `(ARRAY[${casts.join(", ")}])`, end: elements.end + cast[0].length };
}

/** What stands between commas up to the closing bracket; undefined where it does not close. */
function readElements(
  text: string,
  from: number,
): { readonly list: readonly string[]; readonly end: number } | undefined {
  const list: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter === "'" || letter === '"') at = endOfQuote(text, at);
    else if (letter === "(" || letter === "[") depth += 1;
    else if (letter === ")" || (letter === "]" && depth > 0)) depth -= 1;
    else if ((letter === "," || letter === "]") && depth === 0) {
      list.push(text.slice(start, at).trim());
      start = at + 1;
      if (letter === "]") return { list, end: at + 1 };
    }
  }
  return undefined;
}

/** The last letter of a quoted text; the server doubles quotes in it and writes backslashes only behind an E. */
function endOfQuote(text: string, at: number): number {
  const quote = text[at] ?? "";
  const hasEscapes = quote === "'" && /\bE$/.test(text.slice(Math.max(0, at - 2), at));
  for (let end = at + 1; end < text.length; end += 1) {
    if (hasEscapes && text[end] === "\\") end += 1;
    else if (text[end] === quote && text[end + 1] === quote) end += 1;
    else if (text[end] === quote) return end;
  }
  return text.length;
}

/** True inside a literal or a quoted name. */
function isQuoted(text: string, at: number): boolean {
  for (let place = 0; place < at; place += 1) {
    const letter = text[place];
    if (letter !== "'" && letter !== '"') continue;
    place = endOfQuote(text, place);
    if (place >= at) return true;
  }
  return false;
}
