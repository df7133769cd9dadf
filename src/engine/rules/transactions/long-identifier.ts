import { lex } from "../../sql/lex.ts";
import type { Rule, Hit } from "../rule.ts";

/** PostgreSQL cuts longer names (NAMEDATALEN - 1). */
const mostBytes = 63;

/** Reading tokens takes long in a long text; without such a run there is no such name. A letter has four bytes at most. */
const candidate = /[\w$\u0080-\uffff]{16}|"[^"]{16}/;

export const longIdentifier: Rule = {
  id: "T11",
  name: "long-identifier",
  group: "transactions",
  severity: "warning",
  detects: "A name longer than 63 bytes",
  why: "PostgreSQL cuts it without an error: the object is called otherwise, and two names may become one.",
  rewrite: "A shorter name.",
  check: ({ text, place }) => {
    if (place !== "file" || !candidate.test(text)) return [];
    return lex(text).flatMap(({ kind, start, end }): readonly Hit[] => {
      if ((kind !== "word" && kind !== "quoted_identifier") || end - start <= mostBytes / 4) return [];
      const name = text.slice(start, end).replace(/^"|"$/g, "").replaceAll('""', '"');
      return Buffer.byteLength(name) > mostBytes ? [{ object: name }] : [];
    });
  },
};
