declare const brand: unique symbol;

/** Digits that name one migration, as the Supabase CLI reads them. What Godwit writes has 14 digits, `YYYYMMDDHHMMSS`, UTC, a real instant. */
export type Version = string & { readonly [brand]: "Version" };

/** The version in the given text, or undefined where it is not digits only (the CLI's `^[0-9]+`). */
export function parseVersion(text: string): Version | undefined {
  return /^[0-9]+$/.test(text) ? (text as Version) : undefined;
}

/** A version as another program recorded it, whatever its form: the history table's column is free text. */
export function recordedVersion(text: string): Version {
  return text as Version;
}

/** The version that stands for an instant, to the second, in UTC. */
export function versionAt(instant: Date): Version {
  return instant.toISOString().slice(0, 19).replace(/[-T:]/g, "") as Version;
}

/** The instant that a 14-digit version names, or undefined where it has another length or no such instant exists. */
export function instantOf(version: Version): Date | undefined {
  if (!/^[0-9]{14}$/.test(version)) return undefined;
  const [year, month, day, hour, minute, second] = [
    version.slice(0, 4),
    version.slice(4, 6),
    version.slice(6, 8),
    version.slice(8, 10),
    version.slice(10, 12),
    version.slice(12, 14),
  ];
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant.getTime())) return undefined;
  return versionAt(instant) === version ? instant : undefined;
}

/** The order in which migrations apply: by the text of the version, as the Supabase CLI sorts them (`002` < `1` < `20240101`). */
export function compareVersions(a: Version, b: Version): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The version for a new migration: now, or one second after the newest that is taken, whichever is later.
 * Undefined where some taken version sorts after every real instant that could follow it.
 */
export function nextVersion(now: Date, taken: readonly Version[]): Version | undefined {
  const newest = taken.reduce<Version | undefined>(
    (highest, version) =>
      highest === undefined || compareVersions(version, highest) > 0 ? version : highest,
    undefined,
  );
  const current = versionAt(now);
  if (newest === undefined || compareVersions(newest, current) < 0) return current;
  const newestInstant = instantOf(newest);
  if (newestInstant === undefined) return undefined;
  const following = versionAt(new Date(newestInstant.getTime() + 1000));
  return compareVersions(following, newest) > 0 ? following : undefined;
}
