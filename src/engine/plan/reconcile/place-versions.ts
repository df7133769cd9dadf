import { instantOf, versionAt, type Version } from "../../model/version.ts";

/** One migration that needs a place: its old version or file name as text, and what its name says. */
export interface Unplaced {
  readonly key: string;
  /** Decides between those of one instant, or of the same numbers. */
  readonly text: string;
  readonly isRecorded: boolean;
  /** A version that stays: 14 digits that are a real instant. */
  readonly fixed: Version | undefined;
  readonly instant: Date | undefined;
  readonly numbers: readonly number[];
}

interface Surroundings {
  /** Where nothing is dated, the versions are of this day. */
  readonly today: Date;
  /** Versions that nothing else may get. */
  readonly taken: readonly Version[];
}

/**
 * A version for every migration, in the order in which they are meant to apply: numbered ones by their numbers and before all dated ones,
 * dated ones by their dates; numbered ones that were never applied, where dated ones were, come last. What has a real version keeps it.
 */
export function placeVersions(
  items: readonly Unplaced[],
  { today, taken }: Surroundings,
): ReadonlyMap<string, Version> {
  const dated = items.filter(({ instant }) => instant !== undefined).toSorted(byInstant);
  const numbered = items.filter(({ instant }) => instant === undefined).toSorted(byNumbers);
  const isDatedApplied = dated.some(({ isRecorded }) => isRecorded);
  const late = isDatedApplied ? numbered.filter(({ isRecorded }) => !isRecorded) : [];
  const early = numbered.filter((item) => !late.includes(item));
  const used = new Set<string>([...taken, ...items.flatMap(({ fixed }) => fixed ?? [])]);
  const placed = new Map<string, Version>();
  placeDated(dated, placed, used);
  const middle = [...placed.values()].toSorted();
  const startOfToday = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const first = middle[0];
  const earlyFrom =
    first === undefined ? startOfToday : (instantOf(first)?.getTime() ?? 0) - early.length * 1000;
  placeFrom(early, earlyFrom, { placed, used, step: first === undefined ? 1000 : -1000 });
  const last = middle.at(-1);
  const lateFrom = last === undefined ? startOfToday : (instantOf(last)?.getTime() ?? 0) + 1000;
  placeFrom(late, lateFrom, { placed, used, step: 1000 });
  return placed;
}

/** Between two versions that stay, the others keep their order: at their dates, or as late as still fits. */
function placeDated(dated: readonly Unplaced[], placed: Map<string, Version>, used: Set<string>): void {
  let previousMs = Number.NEGATIVE_INFINITY;
  for (const [index, item] of dated.entries()) {
    const wishMs = item.instant?.getTime() ?? 0;
    if (item.fixed !== undefined) {
      placed.set(item.key, item.fixed);
      previousMs = wishMs;
      continue;
    }
    const next = dated.slice(index + 1).findIndex(({ fixed }) => fixed !== undefined);
    const limitMs =
      next < 0
        ? Number.POSITIVE_INFINITY
        : (dated[index + 1 + next]?.instant?.getTime() ?? 0) - (next + 1) * 1000;
    let ms = Math.max(Math.min(wishMs, limitMs), previousMs + 1000);
    while (used.has(versionAt(new Date(ms)))) ms += 1000;
    const version = versionAt(new Date(ms));
    used.add(version);
    placed.set(item.key, version);
    previousMs = ms;
  }
}

interface Placing {
  readonly placed: Map<string, Version>;
  readonly used: Set<string>;
  /** Which way the whole row of them moves where one place is taken. */
  readonly step: number;
}

function placeFrom(items: readonly Unplaced[], fromMs: number, { placed, used, step }: Placing): void {
  let start = fromMs;
  const versionsFrom = (ms: number) => items.map((_, index) => versionAt(new Date(ms + index * 1000)));
  while (versionsFrom(start).some((version) => used.has(version))) start += step;
  for (const [index, version] of versionsFrom(start).entries()) {
    used.add(version);
    placed.set(items[index]?.key ?? "", version);
  }
}

function byInstant(a: Unplaced, b: Unplaced): number {
  return (a.instant?.getTime() ?? 0) - (b.instant?.getTime() ?? 0) || compareTexts(a.text, b.text);
}

function byNumbers(a: Unplaced, b: Unplaced): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a.numbers[index] ?? -1) - (b.numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return compareTexts(a.text, b.text);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
