import { godwitSubject } from "./godwit-subject.ts";
import type { PairVerdict } from "./judge-pair.ts";
import { judgePairs } from "./judge-pairs.ts";
import { listDirections } from "./pass-list.ts";
import { loadPeer } from "./peer-subject.ts";
import { randomPair } from "./random/random-pairs.ts";
import { listSchemaPairs, type SchemaPair } from "./schema-pairs.ts";
import type { Subject } from "./subject.ts";

/** Judges the same pairs for Godwit and for pg-delta, and prints a row for each. Every how manieth pair: the first argument, or `all`. */
export async function compareWithPeer(folder: string, given: string): Promise<void> {
  const every = given === "all" ? 1 : Number(given);
  const chosen = listSchemaPairs().filter((_pair, index) => index % every === 0);
  const drawn = Array.from({ length: Math.ceil(100 / every) }, (_, number) => randomPair(number));
  const rows = [];
  for (const [corpus, pairs] of [["other projects'", chosen] as const, ["by chance", drawn] as const]) {
    rows.push(await measure({ corpus, tool: "godwit", subject: godwitSubject, pairs }));
    rows.push(await measure({ corpus, tool: "pg-delta", subject: await loadPeer(folder), pairs }));
  }
  // eslint-disable-next-line no-console -- a table for people
  console.table(rows);
}

async function measure<Snapshot>(run: {
  readonly corpus: string;
  readonly tool: string;
  readonly subject: Subject<Snapshot>;
  readonly pairs: readonly SchemaPair[];
}): Promise<Readonly<Record<string, string | number>>> {
  const { seconds, subject } = timed(run.subject);
  const verdicts = await judgePairs({ subject, pairs: run.pairs, lanes: 2 });
  const judged = verdicts.filter(({ kind }) => kind === "judged");
  const count = (...reasons: readonly string[]): number =>
    judged.filter((verdict) => reasonsOf(verdict).some((reason) => reasons.includes(reason))).length;
  const solved = judged.filter((verdict) => reasonsOf(verdict).every((reason) => reason === "ok")).length;
  return {
    corpus: run.corpus,
    tool: run.tool,
    pairs: judged.length,
    "solved both ways": solved,
    "%": Math.round((solved / judged.length) * 1000) / 10,
    refused: count("refused"),
    failed: count("threw", "sql_failed", "dump_differs", "catalog_differs", "not_proved"),
    missed: count("missed"),
    noise: count("noise"),
    "seconds read and plan": Math.round(seconds() * 10) / 10,
  };
}

function reasonsOf(verdict: PairVerdict): readonly string[] {
  return listDirections(verdict).map(({ judgement }) => judgement.reason);
}

/** The time spent in the subject itself, and not in loading and judging. */
function timed<Snapshot>(subject: Subject<Snapshot>): {
  readonly subject: Subject<Snapshot>;
  readonly seconds: () => number;
} {
  let spent = 0;
  const measured = async <T>(work: Promise<T>): Promise<T> => {
    const began = performance.now();
    return work.finally(() => {
      spent += performance.now() - began;
    });
  };
  return {
    subject: {
      read: (url) => measured(subject.read(url)),
      plan: (from, to) => measured(subject.plan(from, to)),
    },
    seconds: () => spent / 1000,
  };
}
