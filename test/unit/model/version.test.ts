import { describe, expect, it } from "vitest";
import {
  compareVersions,
  instantOf,
  nextVersion,
  parseVersion,
  versionAt,
  type Version,
} from "../../../src/engine/model/version.ts";

const now = new Date("2026-11-23T01:02:03.999Z");

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`${text} is no version`);
  return parsed;
}

describe("a version", () => {
  it("is digits, however many", () => {
    expect(["1", "007", "20240101"].map((text) => parseVersion(text))).toEqual(["1", "007", "20240101"]);
    expect(["", "1a", "-1", " 1", "١"].map((text) => parseVersion(text))).toEqual(Array(5).fill(undefined));
  });

  it("names a real instant or none", () => {
    expect(instantOf(version("20240229235959"))?.toISOString()).toBe("2024-02-29T23:59:59.000Z");
    for (const text of [
      "20230229000000",
      "20241301000000",
      "20240101240000",
      "20240101006000",
      "2024",
      "00000000000000",
    ])
      expect(instantOf(version(text)), text).toBeUndefined();
  });

  it("sorts by its text, as the Supabase CLI sorts", () => {
    const sorted = ["20240101000000", "1", "002", "20240101"].map(version).toSorted(compareVersions);
    expect(sorted).toEqual(["002", "1", "20240101", "20240101000000"]);
  });
});

describe("the next version", () => {
  it("is now, to the second, in UTC", () => {
    expect(nextVersion(now, [])).toBe("20261123010203");
    expect(versionAt(now)).toBe("20261123010203");
  });

  it("is one second after the newest where the clock is not past it", () => {
    expect(nextVersion(now, [version("20261123010203")])).toBe("20261123010204");
    expect(nextVersion(now, [version("20991231235959")])).toBe("21000101000000");
  });

  it("passes over older ones, whatever their form", () => {
    expect(nextVersion(now, ["108", "20241301000000", "20240101"].map(version))).toBe("20261123010203");
  });

  it("does not exist behind what names no instant and sorts last", () => {
    expect(nextVersion(now, [version("99999999999999")])).toBeUndefined();
    expect(nextVersion(now, [version("9")])).toBeUndefined();
  });
});
