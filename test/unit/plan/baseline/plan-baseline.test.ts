import { expect, it } from "vitest";
import { recordedVersion } from "../../../../src/engine/model/version.ts";
import { planBaseline } from "../../../../src/engine/plan/baseline/plan-baseline.ts";

const planAt = (version: string, recorded: string, date: string) =>
  planBaseline({
    replaced: {
      version: recordedVersion(version),
      versions: [recordedVersion(recorded)],
      applied: [],
      neverApplied: [],
      pending: [],
    },
    name: "baseline",
    checksum: date,
    file: { fileName: `${version}_baseline.sql`, text: `-- ${date}\nselect 1;\n`, body: "select 1;\n" },
    statements: [`-- ${date}\nselect 1`],
    target: "t",
    expectsHistory: "h",
    expectsSchema: "s",
    files: [],
    sha256: new Map(),
    summary: "",
  });

it("has the same id at any time, also where the version is that of the moment", () => {
  expect(planAt("20261123000001", "0001", "one").id).toBe(planAt("20261123000009", "0001", "two").id);
  expect(planAt("20260101000000", "20260101000000", "one").id).toBe(
    planAt("20260101000000", "20260101000000", "two").id,
  );
  expect(planAt("20260101000000", "20260101000000", "one").id).not.toBe(
    planAt("20260102000000", "20260102000000", "one").id,
  );
});
