/** Numbers in [0, 1) that are the same on every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(random: () => number, items: readonly [Item, ...(readonly Item[])]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

const FRAGMENTS = [
  "'",
  "''",
  '"',
  "$",
  "$$",
  "$a$",
  "$1",
  "e'",
  "E'\\''",
  "U&'",
  "--",
  "/*",
  "*/",
  "\n",
  "\r\n",
  "\r",
  " ",
  "\t",
  ";",
  ";;",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "..",
  "begin",
  "atomic",
  "begin atomic ",
  "end",
  "case",
  "as ",
  "copy",
  " from ",
  "stdin",
  "\\",
  "\\.",
  "\\restrict x",
  "1",
  "1.5e-3",
  "0x_f",
  "a",
  "É",
  "🙂",
  "\ud83d",
  "\u0000",
  "\ufeff",
  "\u00a0",
  "\u200b",
  "\u2028",
  "+",
  "-",
  "<",
  "=",
  "@",
  "::",
  ":=",
  "|",
  "select ",
  "Insert ",
  "t$x$",
  "standard",
] as const;

/** Text of SQL's most troublesome pieces in any order. */
export function randomText(random: () => number): string {
  const length = 1 + Math.floor(random() * 25);
  return Array.from({ length }, () => pick(random, FRAGMENTS)).join("");
}

const STATEMENTS = [
  "create table t (id int, name text default 'x;''y')",
  "insert into t values (1, e'it\\'s;'), (2, U&'d\\0061')",
  "create function f() returns int language sql begin atomic select case when true then 1 else 2 end; end",
  "do $x$ begin perform ';' -- c\n; end $x$",
  "select a<-1, b ->> 'k', \"Mixed;Name\", $1::int from t where x @> '{}'",
  "create rule r as on insert to t do also (insert into u values (1); delete from v)",
  "comment on table t is 'é🙂;'",
] as const;

export function randomStatements(random: () => number): readonly string[] {
  return Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(random, STATEMENTS));
}
