import { EngineError } from "../../errors.ts";
import { compareVersions, parseVersion, versionAt, type Version } from "../../model/version.ts";

/** Hands out versions that nobody has. */
export interface FreeVersions {
  /** The first free one after this version, and after every applied one that another can follow. */
  readonly afterApplied: (version: Version) => Version;
  /** One for what is applied already: after the others where no pending file would then be older, else among them. */
  readonly forApplied: () => Version;
  /** One after all others. */
  readonly afterAll: () => Version;
}

const lastSecond = Math.floor(Date.UTC(9999, 11, 31, 23, 59, 59) / 1000);
const firstSecond = Math.floor(Date.UTC(2000, 0, 1) / 1000);

/**
 * Versions follow from those that exist and not from the clock, so that planning again gives the same plan.
 * Throws `no_version_left` where one that exists sorts after all real instants.
 */
export function freeVersions(taken: readonly Version[], applied: readonly Version[]): FreeVersions {
  const used = new Set<string>(taken);
  // Thousands can ask for what follows the same version: nobody looks twice at what is taken.
  const reached = new Map<number, number>();
  const take = (after: Version | undefined): Version => {
    const start = after === undefined ? firstSecond : secondAfter(after);
    if (start === undefined) throw noneLeft(after);
    const free = firstFree(reached.get(start) ?? start, used);
    used.add(free.version);
    reached.set(start, free.second + 1);
    return free.version;
  };
  const given: Version[] = [];
  const newestApplied = newestOf(applied.filter(canStand));
  const newest = newestOf(taken);
  return {
    afterApplied: (version) =>
      take(newestOf([version, ...(newestApplied === undefined ? [] : [newestApplied]), ...given])),
    forApplied: () => {
      const { version } = firstFree(
        newestApplied === undefined ? firstSecond : (secondAfter(newestApplied) ?? firstSecond),
        used,
      );
      const pending = newestApplied === undefined ? undefined : nextAbove(newestApplied, taken);
      const free = pending === undefined || version < pending ? version : lastFree(pending, used);
      used.add(free);
      given.push(free);
      return free;
    },
    afterAll: () => take(newest),
  };
}

/** The Supabase CLI reads versions as 64-bit integers and leaves longer ones out of its list (3.1.0). */
const longestVersion = 18;

/** True where a file can have the version, the Supabase CLI lists it, and another version can follow it. */
export function canStand(version: Version): boolean {
  return (
    parseVersion(version) !== undefined &&
    version.length <= longestVersion &&
    compareVersions(version, versionOfSecond(lastSecond)) < 0
  );
}

/** Versions that are no number order nothing. */
function newestOf(versions: readonly Version[]): Version | undefined {
  return versions
    .filter((version) => parseVersion(version) !== undefined)
    .reduce<Version | undefined>(
      (newest, version) => (newest === undefined || compareVersions(version, newest) > 0 ? version : newest),
      undefined,
    );
}

function firstFree(
  start: number,
  used: ReadonlySet<string>,
): { readonly second: number; readonly version: Version } {
  for (let second = start; ; second += 1) {
    const version = versionOfSecond(second);
    if (!used.has(version)) return { second, version };
  }
}

/** The first second from 2000 on whose version sorts after this one, found by halving: versions of instants sort as they follow. */
function secondAfter(version: Version): number | undefined {
  if (compareVersions(versionOfSecond(lastSecond), version) <= 0) return undefined;
  let low = firstSecond;
  let high = lastSecond;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compareVersions(versionOfSecond(middle), version) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nextAbove(version: Version, others: readonly Version[]): Version | undefined {
  return others
    .filter((other) => parseVersion(other) !== undefined && compareVersions(other, version) > 0)
    .toSorted(compareVersions)[0];
}

function lastFree(before: Version, used: ReadonlySet<string>): Version {
  for (let second = (secondAfter(before) ?? lastSecond) - 1; ; second -= 1) {
    const version = versionOfSecond(second);
    if (version < before && !used.has(version)) return version;
  }
}

function versionOfSecond(second: number): Version {
  return versionAt(new Date(second * 1000));
}

function noneLeft(version: Version | undefined): EngineError {
  return new EngineError(
    "no_version_left",
    `Version ${JSON.stringify(version)} sorts after every real instant, so no version can follow it.`,
    { hint: 'Call reconcile_history with actions: ["convert_names"] to give all files real versions first.' },
  );
}
