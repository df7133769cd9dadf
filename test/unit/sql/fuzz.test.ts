import { expect, test } from "vitest";
import { lex } from "../../../src/engine/sql/lex.ts";
import { caretSnippet, lineColumnAt } from "../../../src/engine/sql/position.ts";
import { splitStatements } from "../../../src/engine/sql/split.ts";
import { significantTexts, sqlFingerprint } from "../../../src/engine/sql/token-stream.ts";
import { findUnsupportedText } from "../../../src/engine/sql/unsupported-text.ts";
import { randomText, seededRandom } from "./seeded-sql.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";

test("20,000 texts of troublesome pieces lex without a gap, split without loss, and throw nothing", () => {
  const random = seededRandom(20_260_101);
  for (let run = 0; run < 20_000; run += 1) {
    const sql = randomText(random);
    const pieces = splitStatements(sql);
    const lexed = lex(sql).map((token) => sql.slice(token.start, token.end));
    const problem =
      lexed.join("") !== sql
        ? "tokens do not join up"
        : pieces.some((piece) => sql.slice(piece.start, piece.end) !== piece.text || piece.text.trim() === "")
          ? "a piece is not a slice"
          : significantTexts(sql).join("\u0001") !==
              pieces.flatMap((piece) => significantTexts(piece.text)).join("\u0001")
            ? "pieces lose tokens"
            : sqlFingerprint(sql) !== sqlFingerprint(pieces.map((piece) => piece.text))
              ? "fingerprints differ"
              : undefined;
    findUnsupportedText(sql);
    caretSnippet(sql, Math.floor(random() * (sql.length + 2)));
    lineColumnAt(sql, sql.length);
    if (problem !== undefined) expect.fail(`${problem}: ${JSON.stringify(sql)}`);
  }
});

test.each([
  ["signs", "+-".repeat(200_000)],
  ["open comments", "/*".repeat(200_000)],
  ["tags", "$a".repeat(200_000)],
  ["quotes on lines", "'a'\n".repeat(100_000)],
  ["semicolons", " ;".repeat(200_000)],
  ["no-break spaces", "\u00a0".repeat(400_000)],
  ["carriage returns", "\r".repeat(400_000)],
])("a long run of %s takes time in proportion to its length", async (_name, sql) => {
  expect(await cpuTimeMs(() => sqlFingerprint(sql))).toBeLessThan(5_000);
});
