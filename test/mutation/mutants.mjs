/** Ways to weaken a source text: conditions turned round, filters turned round, severities lowered. */
export function mutantsOf(text) {
  const at = [...text.matchAll(/\bif \(|\.filter\(/g)].map((match) => {
    const open = match.index + match[0].length - 1;
    const close = closing(text, open);
    const inner = text.slice(open + 1, close);
    const turned = match[0].startsWith("if")
      ? `!(${inner})`
      : `(...all) => !(${inner.replace(/,\s*$/, "")})(...all)`;
    return {
      what: `${match[0]}${inner.slice(0, 60).replace(/\s+/g, " ")}…`,
      text: splice(text, open + 1, close, turned),
    };
  });
  return [...at, ...replaced(text, /severity: "(error|warning)"/g, () => 'severity: "info"')];
}

/** Besides: comparisons turned round, and names taken off lists. */
export function guardMutantsOf(text) {
  return [
    ...mutantsOf(text),
    ...replaced(text, / (?:===|!==) /g, (found) => (found === " === " ? " !== " : " === ")),
    ...replaced(text, /^ +"[a-z_0-9]{3,}",\n/gm, () => ""),
  ];
}

function replaced(text, pattern, replacement) {
  return [...text.matchAll(pattern)].map((match) => ({
    what: `${match[0].trim()} in ${lineAt(text, match.index).slice(0, 90)}`,
    text: splice(text, match.index, match.index + match[0].length, replacement(match[0])),
  }));
}

function lineAt(text, index) {
  return text.slice(text.lastIndexOf("\n", index) + 1, text.indexOf("\n", index + 1)).trim();
}

function closing(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    // A parenthesis in a string opens nothing.
    if (text[at] === '"' || text[at] === "`") at = text.indexOf(text[at], at + 1);
    if (text[at] === "(") depth += 1;
    if (text[at] === ")" && --depth === 0) return at;
  }
  throw new Error("A parenthesis is not closed.");
}

function splice(text, from, to, replacement) {
  return text.slice(0, from) + replacement + text.slice(to);
}
