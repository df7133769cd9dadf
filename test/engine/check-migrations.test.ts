import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "../support/project.ts";

const first = "supabase/migrations/20260101000000_notes.sql";
const second = "supabase/migrations/20260102000000_more.sql";
const third = "supabase/migrations/20260103000000_wrong.sql";

const files = {
  [first]: `create table public.notes (id bigint primary key, owner uuid);
do $$ begin
  execute format('alter table %I enable row level security', 'notes');
end $$;`,
  [second]: `-- godwit:allow D01 nobody used it
drop table if exists public.gone;
-- é😀
  create index notes_owner on public.notes (owner);`,
  [third]: "create table public.ok (id bigint primary key);\nalter table public.missing add column a int;\n",
};

/** An address at which nothing listens: whatever opens the target fails. */
const nowhere = "postgres://nobody@127.0.0.1:1/nothing";

describe("a check of the migrations", () => {
  let project: TestProject;

  beforeAll(async () => {
    project = await createProject({ url: nowhere, files });
  });

  afterAll(() => project.remove());

  const check = (request = {}) => project.engine.checkMigrations(request, { answerSize: "whole" });

  it("judges files, statements and a replay without opening the target", async () => {
    const report = await check();
    expect(report).toMatchObject({ files: 3, statements: 6, replay: "failed", suppressed: 1 });
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        code: "L01",
        severity: "warning",
        file: second,
        statement: 2,
        line: 4,
        column: 3,
      }),
    );
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: "replay_failed", severity: "error", file: third, line: 2 }),
    );
  });

  it("knows from the replay what a loop did to a table, and what nobody did", async () => {
    const { findings } = await check();
    const open = findings
      .filter(({ code }) => code === "S01")
      .map(({ object, severity }) => [object, severity]);
    expect(open).toEqual([["public.ok", "error"]]);
  });

  it("counts what a file allows apart, with its reason", async () => {
    const { findings, counts } = await check({ replay: false });
    expect(findings.find(({ code }) => code === "D01")?.suppressed).toBe("nobody used it");
    expect(counts.error).toBe(1);
  });

  it("leaves older files out of the findings when asked to", async () => {
    const { findings } = await check({ replay: false, since: "20260103000000" });
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set([third]));
  });

  it("leaves notes and what is allowed out of the pages for agents", async () => {
    const { findings } = await project.engine.checkMigrations({ replay: false }, {});
    expect(
      findings.every(({ severity, suppressed }) => severity !== "info" && suppressed === undefined),
    ).toBe(true);
  });

  it("tells a syntax error at its place and judges the other files", async () => {
    const broken = await createProject({
      url: nowhere,
      files: { ...files, "supabase/migrations/20260104000000_x.sql": "select 1;\nselect from where;" },
    });
    const { findings } = await broken.engine.checkMigrations({ replay: false }, { answerSize: "whole" });
    await broken.remove();
    expect(findings[0]).toMatchObject({ code: "syntax_error", severity: "error", line: 2, column: 13 });
    expect(findings.some(({ code }) => code === "L01")).toBe(true);
  });

  it("writes a SARIF log with rules, places and what is allowed", async () => {
    const { log, counts } = await project.engine.checkMigrationsAsSarif({ replay: false }, {});
    expect(counts.error).toBe(1);
    const { version, runs } = log as { version: string; runs: readonly [SarifRun] };
    expect(version).toBe("2.1.0");
    const [{ tool, results }] = runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const dropped = results.find(({ ruleId }) => ruleId === "D01");
    expect(dropped).toMatchObject({
      level: "error",
      suppressions: [{ kind: "inSource", justification: "nobody used it" }],
      locations: [{ physicalLocation: { artifactLocation: { uri: second }, region: { startLine: 2 } } }],
    });
  });
});

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
}

it("says of a folder without files that there is nothing to check", async () => {
  const empty = await createProject({ url: nowhere });
  try {
    const { summary, counts } = await empty.engine.checkMigrations({}, {});
    expect(summary).toBe("There are no migration files to check.");
    expect(counts).toEqual({ error: 0, warning: 0, info: 0 });
  } finally {
    await empty.remove();
  }
});
