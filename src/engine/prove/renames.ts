import { EngineError } from "../errors.ts";
import type { Catalog, FactKey } from "../model/catalog.ts";
import type { RenameCandidate } from "../plan/schema-change/schema-change.ts";

/** What is known of objects that may have been renamed. */
export interface RenameAnswer {
  /** What a caller wrote; absent where nobody was asked, since nothing is lost either way. */
  readonly given?: string;
  readonly names: readonly [string, string];
  readonly isRename: boolean;
}

/** A candidate with its objects' names as answers write them: `public.orders`, `public.orders.total`, `public.f(integer)`. */
export interface NamedCandidate extends RenameCandidate {
  readonly fromName: string;
  readonly toName: string;
}

/** Candidates by what was said of them. */
export interface SettledRenames {
  readonly renamed: readonly NamedCandidate[];
  /** About which no caller has said anything: those without an answer, and those that are dropped and made anew meanwhile. */
  readonly offered: readonly NamedCandidate[];
  readonly unanswered: readonly NamedCandidate[];
}

/** The candidates with their names. */
export function nameCandidates(
  candidates: readonly RenameCandidate[],
  { from, to }: { readonly from: Catalog; readonly to: Catalog },
): readonly NamedCandidate[] {
  return candidates.map((candidate) => ({
    ...candidate,
    fromName: nameForAnswer(from, candidate.from),
    toName: nameForAnswer(to, candidate.to),
  }));
}

/** Reads `old=new` and `old!=new`. Throws `invalid_input` for anything else. */
export function parseRenameAnswers(texts: readonly string[]): readonly RenameAnswer[] {
  return texts.map((given) => {
    const [, one, not, other] = /^\s*(.+?)\s*(!?)=\s*(.+?)\s*$/s.exec(given) ?? [];
    if (one !== undefined && other !== undefined) return { given, names: [one, other], isRename: not === "" };
    throw new EngineError("invalid_input", `${JSON.stringify(given.slice(0, 200))} answers no rename.`, {
      hint: 'Write "public.old=public.new" where it was renamed, "public.old!=public.new" where one was dropped and the other made.',
    });
  });
}

/** Sorts candidates by their answers, whichever side an answer names first. */
export function settleRenames(
  candidates: readonly NamedCandidate[],
  answers: readonly RenameAnswer[],
): SettledRenames {
  const answerOf = ({ fromName: from, toName: to }: NamedCandidate) =>
    answers.find(
      ({ names: [one, other] }) => (one === from && other === to) || (one === to && other === from),
    );
  return {
    renamed: candidates.filter((candidate) => answerOf(candidate)?.isRename === true),
    offered: candidates.filter((candidate) => answerOf(candidate)?.given === undefined),
    unanswered: candidates.filter((candidate) => answerOf(candidate) === undefined),
  };
}

/** Throws `invalid_input` for an answer to nothing that was asked. */
export function assertAnswersFit(
  candidates: readonly NamedCandidate[],
  answers: readonly RenameAnswer[],
): void {
  const isAsked = ({ names }: RenameAnswer) =>
    candidates.some(({ fromName, toName }) => names.includes(fromName) && names.includes(toName));
  const stray = answers.find((answer) => !isAsked(answer));
  if (stray === undefined) return;
  const asked = candidates.map(({ fromName, toName }) => `${fromName}=${toName}`);
  throw new EngineError(
    "invalid_input",
    `renames: ${JSON.stringify(stray.given?.slice(0, 200))} names no two objects that may be one renamed.`,
    {
      hint: asked.length === 0 ? "There are no such objects." : `There are: ${asked.slice(0, 5).join(", ")}.`,
    },
  );
}

function nameForAnswer({ facts }: Catalog, key: FactKey): string {
  const id = facts.get(key)?.id;
  if (id === undefined) return key;
  const path = [id.schema, id.within, id.name].filter((part) => part !== undefined).join(".");
  return id.signature === undefined ? path : `${path}(${id.signature})`;
}
