import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DirectionVerdict, PairVerdict } from "./judge-pair.ts";

const file = join(import.meta.dirname, "pass-list.txt");

/** One direction of one pair, such as `migra/enum a→b`. */
export type PassedDirection = string;

/** The directions that have passed before, so that none is lost unnoticed. */
export function readPassList(): ReadonlySet<PassedDirection> {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return new Set(
    lines
      .filter((line) => line !== "")
      .flatMap((line) => (/ [ab]→[ab]$/.test(line) ? [line] : [`${line} a→b`, `${line} b→a`])),
  );
}

/** Records what passes now: a pair by its name, or a direction where only one passes. Pairs that were not judged keep their lines. */
export function writePassList(verdicts: readonly PairVerdict[]): void {
  const judged = new Set(verdicts.map(({ pair }) => pair));
  const kept = [...readPassList()].filter((direction) => !judged.has(direction.replace(/ [ab]→[ab]$/, "")));
  const passed = new Set([...kept, ...verdicts.flatMap(listPassed)]);
  const lines = [...passed].flatMap((direction) => {
    const pair = direction.slice(0, -4);
    if (!passed.has(`${pair} a→b`) || !passed.has(`${pair} b→a`)) return [direction];
    return direction.endsWith("a→b") ? [pair] : [];
  });
  writeFileSync(file, `${lines.toSorted().join("\n")}\n`);
}

/** The directions of a pair that pass. */
export function listPassed(verdict: PairVerdict): readonly PassedDirection[] {
  return listDirections(verdict)
    .filter(({ judgement }) => judgement.reason === "ok")
    .map(({ name }) => name);
}

/** Both directions by name; none where a side could not be loaded. */
export function listDirections(
  verdict: PairVerdict,
): readonly { readonly name: PassedDirection; readonly judgement: DirectionVerdict }[] {
  if (verdict.kind === "not_loaded") return [];
  return [
    { name: `${verdict.pair} a→b`, judgement: verdict.aToB },
    { name: `${verdict.pair} b→a`, judgement: verdict.bToA },
  ];
}
