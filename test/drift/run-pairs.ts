import { readFileSync, writeFileSync } from "node:fs";
import { handMade } from "./hand-made.ts";
import { godwitSubject } from "./godwit-subject.ts";
import { judgePairs } from "./judge-pairs.ts";
import type { PairVerdict } from "./judge-pair.ts";
import { findPgDump } from "./pg-dump.ts";
import { writePassList } from "./pass-list.ts";
import { toPair } from "./probe-pairs.ts";
import { probes } from "./probes.ts";
import { randomPair } from "./random/random-pairs.ts";
import { listSchemaPairs, type SchemaPair } from "./schema-pairs.ts";
import { blindSubject, type Subject } from "./subject.ts";

const [filter = "", ...flags] = process.argv.slice(2);

const majors = [15, 17, 18] as const;
const major = majors.find((one) => String(one) === valueOf("--major")) ?? 17;
if ((await findPgDump(major)) === undefined)
  process.stderr.write(`No pg_dump ${major} (see test/drift/fetch-pg-dump.sh): the oracle alone judges.\n`);
const began = performance.now();
const every = Number(valueOf("--every") ?? 1);
const [part = 1, parts = 1] = (valueOf("--part") ?? "1/1").split("/").map(Number);
const pairs = listPairs()
  .filter((_pair, index) => index % every === 0)
  .filter((_pair, index) => index % parts === part - 1);
let done = 0;
const earlier = valueOf("--from");
const verdicts: readonly PairVerdict[] =
  earlier !== undefined
    ? JSON.parse(readFileSync(earlier, "utf8"))
    : await (flags.includes("--blind") ? judgeAll(blindSubject) : judgeAll(godwitSubject));
const file = process.env["DRIFT_RESULTS"] ?? valueOf("--out") ?? "/tmp/drift-results.json";
if (earlier === undefined) writeFileSync(file, JSON.stringify(verdicts, undefined, 1));
printTable(verdicts);
if (flags.includes("--record")) writePassList(verdicts);
process.stdout.write(`${Math.round((performance.now() - began) / 1000)} s; every verdict in ${file}\n`);

function listPairs(): readonly SchemaPair[] {
  if (filter.startsWith("hand-made"))
    return handMade
      .map(toPair)
      .map((pair) => ({ ...pair, source: "hand-made", name: pair.name.replace("probes/", "hand-made/") }))
      .filter(({ name }) => name.includes(filter));
  if (filter.startsWith("random")) return randomNumbers().map(randomPair);
  if (!filter.startsWith("probes")) return listSchemaPairs(filter === "all" ? "" : filter);
  return probes.map(toPair).filter(({ name }) => name.includes(filter));
}

/** `random` is the first hundred, `random/17` one, `random/100-199` those and all between. */
function randomNumbers(): readonly number[] {
  const [, first = "0", last = filter.includes("/") ? first : "99"] = /(\d+)(?:-(\d+))?/.exec(filter) ?? [];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
}

function valueOf(flag: string): string | undefined {
  return flags.find((text) => text.startsWith(`${flag}=`))?.slice(flag.length + 1);
}

function judgeAll<Snapshot>(subject: Subject<Snapshot>): Promise<readonly PairVerdict[]> {
  return judgePairs({
    subject,
    pairs,
    lanes: 2,
    major,
    onVerdict: (verdict) => {
      done += 1;
      if (done % 50 === 0) process.stderr.write(`${done}/${pairs.length}\n`);
      if (flags.includes("--verbose") || pairs.length < 10) printVerdict(verdict);
    },
  });
}

function printVerdict(verdict: PairVerdict): void {
  process.stdout.write(
    `\n== ${verdict.pair}\n${JSON.stringify(verdict, undefined, 1).replaceAll("\\n", "\n    ")}\n`,
  );
}

function printTable(verdicts: readonly PairVerdict[]): void {
  const sources = [...new Set(verdicts.map(({ source }) => source))];
  const rows = [...sources, "all"].map((source) => {
    const own = verdicts.filter((verdict) => source === "all" || verdict.source === source);
    const judged = own.filter((verdict) => verdict.kind === "judged");
    const reasons = new Map<string, number>();
    for (const { aToB, bToA } of judged)
      for (const { reason } of [aToB, bToA])
        if (reason !== "ok") reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    return {
      source,
      pairs: own.length,
      loaded: judged.length,
      "a→b": judged.filter(({ aToB }) => aToB.reason === "ok").length,
      "b→a": judged.filter(({ bToA }) => bToA.reason === "ok").length,
      equal: judged.filter(({ areEqual }) => areEqual).length,
      both: judged.filter(({ aToB, bToA }) => aToB.reason === "ok" && bToA.reason === "ok").length,
      "failures by reason": [...reasons].map(([reason, count]) => `${reason} ${count}`).join(", "),
    };
  });
  // eslint-disable-next-line no-console -- a table for people
  console.table(rows);
  for (const verdict of verdicts) {
    if (verdict.kind === "not_loaded")
      process.stdout.write(`not loaded: ${verdict.pair}: ${verdict.details[0]}\n`);
  }
}
