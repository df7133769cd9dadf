import { toName } from "../../files/naming.ts";
import { instantOf, parseVersion } from "../../model/version.ts";

/** What a file's or an entry's name says of its place among others. */
export interface SchemedName {
  /** The instant that the name gives; undefined for a plain number. */
  readonly instant: Date | undefined;
  /** The numbers by which names without an instant are ordered. */
  readonly numbers: readonly number[];
  readonly name: string;
  /** True where the name is that of a way back, which is no migration (golang-migrate, dbmate). */
  readonly isDown: boolean;
}

const flyway = /^V(\d+(?:[._]\d+)*)__(.*)$/;
const dashedDate = /^(\d{4})-(\d{2})-(\d{2})(?:[T_ -](\d{2})[:.-]?(\d{2})(?:[:.-]?(\d{2}))?)?Z?[-_ ]*(.*)$/;
const leadingDigits = /^(\d+)[-_ .]*(.*)$/;

/** Unix seconds and milliseconds that mean 2001 to 2100. */
const earliestUnix = Date.UTC(2001, 0, 1);
const latestUnix = Date.UTC(2101, 0, 1);

/**
 * Reads the names that other tools give: `108_x`, `0001_x`, `V1_2__x` (Flyway), `2024-01-31-x`, `20240131_x`, `202401311230_x`, Unix seconds and
 * milliseconds, `000001_x.up`. Undefined where the name begins with no number.
 */
export function parseScheme(fileName: string): SchemedName | undefined {
  const base = fileName.replace(/(\.sql)+$/i, "");
  const isDown = /\.(down|undo|rollback)$/i.test(base);
  const stem = base.replace(/\.(up|down|undo|rollback|do)$/i, "");
  const found = readFlyway(stem) ?? readDashed(stem) ?? readDigits(stem);
  return found === undefined ? undefined : { ...found, isDown };
}

type Parsed = Omit<SchemedName, "isDown">;

function readFlyway(stem: string): Parsed | undefined {
  const [, numbers, name] = flyway.exec(stem) ?? [];
  if (numbers === undefined) return undefined;
  const parts = numbers.split(/[._]/);
  const instant = parts.length === 1 ? instantIn(parts[0] ?? "") : undefined;
  return { instant, numbers: parts.map(Number), name: nameFrom(name) };
}

function readDashed(stem: string): Parsed | undefined {
  const match = dashedDate.exec(stem);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", name] = match;
  const instant = instantOfDigits(`${year}${month}${day}${hour}${minute}${second}`);
  return instant === undefined ? undefined : { instant, numbers: [], name: nameFrom(name) };
}

function readDigits(stem: string): Parsed | undefined {
  const [, digits, name] = leadingDigits.exec(stem) ?? [];
  if (digits === undefined) return undefined;
  return { instant: instantIn(digits), numbers: [Number(digits)], name: nameFrom(name) };
}

function instantIn(digits: string): Date | undefined {
  switch (digits.length) {
    case 14:
      return instantOfDigits(digits);
    case 12:
      return instantOfDigits(`${digits}00`);
    case 8:
      return instantOfDigits(`${digits}000000`);
    case 10:
      return unixInstant(Number(digits) * 1000);
    case 13:
      return unixInstant(Number(digits));
    default:
      return undefined;
  }
}

function instantOfDigits(digits: string): Date | undefined {
  const version = parseVersion(digits);
  return version === undefined ? undefined : instantOf(version);
}

function unixInstant(ms: number): Date | undefined {
  return ms >= earliestUnix && ms < latestUnix ? new Date(ms) : undefined;
}

function nameFrom(text: string | undefined): string {
  return toName(text ?? "") ?? "unnamed";
}
