import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { EngineSettings, VerifySchemaReport } from "../../src/engine/index.ts";
import { codeOf, connect, eventually } from "../engine/playground.ts";
import { startApiFake, type ApiFake, type ApiFakeSettings } from "../support/postgrest-fake.ts";
import { createProject, type TestProject } from "../support/project.ts";
import type { TestDatabase } from "../support/test-database.ts";
import { createVerifiedDatabase } from "./verified-database.ts";

type Api = NonNullable<EngineSettings["api"]>;

const me = { sub: "00000000-0000-0000-0000-000000000001" };
const mine = { role: "authenticated", claims: me, table: "notes" };
const reads = [
  { cannot: { role: "anon", op: "select", table: "notes", expect: 0 } },
  { cannot: { role: "anon", op: "select", table: "open", expect: 42501 } },
  { can: { role: "service_role", op: "select", table: "notes", expect: 3 } },
  { can: { role: "service_role", op: "select", table: "notes", where: { title: "one", mood: null } } },
  { can: { ...mine, op: "select", expect: 2 } },
];
const writes = [
  { can: { ...mine, op: "insert", values: { owner: me.sub, title: "new" } } },
  { cannot: { role: "anon", op: "insert", table: "notes", values: { owner: me.sub }, expect: 42501 } },
  { can: { ...mine, op: "update", where: { title: "one" }, values: { title: "changed" } } },
  { cannot: { ...mine, op: "delete", where: { title: "one" }, expect: 0 } },
];

describe("access checks that are asked over HTTP, too", () => {
  let database: TestDatabase;
  let project: TestProject;

  beforeAll(async () => {
    database = await createVerifiedDatabase();
    project = await createProject({ url: database.url });
  });

  afterAll(async () => {
    await project.remove();
    await database.drop();
  });

  async function startApi(settings: Partial<ApiFakeSettings> = {}): Promise<ApiFake> {
    const fake = await startApiFake({ databaseUrl: database.url, ...settings });
    onTestFinished(() => fake.close());
    return fake;
  }

  async function verify(
    checks: readonly object[],
    api: Api,
    settings: Partial<EngineSettings> = {},
  ): Promise<VerifySchemaReport> {
    await project.write({ "godwit.verify.json": JSON.stringify({ checks }, null, 1) });
    return project.anotherEngine({ ...settings, api }).verifySchema({}, { answerSize: "whole" });
  }

  const codes = ({ findings = [] }: VerifySchemaReport) => findings.map(({ code }) => code);

  it("agree with an honest API, in rows, in silence and in refusals", async () => {
    const fake = await startApi();
    const report = await verify(reads, fake);
    expect(report.counts).toEqual({ passed: 5, failed: 0, skipped: 0 });
    expect(report.http).toEqual({ asked: 5, agreed: 5 });
    expect(report.findings).toBeUndefined();
    expect(fake.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET", "GET", "GET"]);
    expect(report.summary).toBe(
      "All 5 checks passed. The HTTP API answers all 5 that it was asked as SQL does.",
    );
  });

  it("find what an API shows though SQL denies it", async () => {
    const report = await verify(reads, await startApi({ fault: "shows everything" }));
    expect(report.counts.failed).toBe(0);
    expect(report.findings?.map(({ code, severity, line }) => ({ code, severity, line }))).toEqual([
      { code: "http_shows_more", severity: "error", line: 3 },
      { code: "http_shows_more", severity: "error", line: 11 },
      { code: "http_shows_more", severity: "error", line: 38 },
    ]);
    expect(report.findings?.[0]?.message).toMatch(/3 rows.* over HTTP, .*0 rows, without an error.* in SQL/);
  });

  it("find what an API does not show though SQL gives it", async () => {
    const other = { can: { role: "service_role", op: "select", table: "notes" } };
    expect(codes(await verify([other], await startApi({ exposed: ["api"] })))).toEqual(["http_shows_less"]);
  });

  it("do not look at rows of the seed, which only the spec's transaction has", async () => {
    await project.write({
      "godwit.verify.json": JSON.stringify({
        seed: [{ table: "notes", values: { owner: me.sub, title: "seeded" } }],
        checks: [{ can: { ...mine, op: "select", expect: 3 } }],
      }),
    });
    const engine = project.anotherEngine({ api: await startApi() });
    expect(await engine.verifySchema({}, {})).toMatchObject({
      counts: { passed: 1 },
      http: { asked: 1, agreed: 1 },
    });
  });

  it("never write where the server does not show that it rolls back", async () => {
    const fake = await startApi();
    const report = await verify(writes, fake);
    expect(report.findings).toEqual([
      expect.objectContaining({
        code: "http_not_asked",
        severity: "info",
        message: expect.stringContaining(
          "4 access checks not asked over HTTP: a write, and the API does not show",
        ),
      }),
    ]);
    expect(new Set(fake.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("write where the server has shown that it rolls back, and leave nothing", async () => {
    const sql = connect(database.url);
    const before = await sql`select * from notes order by id`;
    const fake = await startApi({ rollsBack: true });
    const report = await verify(writes, fake);
    expect(report.findings).toBeUndefined();
    expect(report.http).toEqual({ asked: 4, agreed: 4 });
    expect(fake.requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST", "PATCH", "DELETE"]);
    expect(await sql`select * from notes order by id`).toEqual(before);
    expect(codes(await verify(writes, fake, { readOnly: true }))).toEqual(["http_not_asked"]);
    await sql.end();
  });

  it("say which write a server has kept that had said it rolls back", async () => {
    const insert = { can: { ...mine, op: "insert", values: { owner: me.sub, title: "kept" } } };
    const report = await verify([insert], await startApi({ rollsBack: true, fault: "keeps writes" }));
    expect(report.findings).toEqual([
      expect.objectContaining({ code: "http_kept_write", severity: "error" }),
    ]);
    const sql = connect(database.url);
    await sql`delete from notes where title = 'kept'`;
    await sql.end();
  });

  it.each([
    ["is down", "hangs up", /cannot be reached/],
    ["answers a page", "answers HTML", /not as PostgREST does/],
  ] as const)("say so where the API %s, and ask once only", async (_, fault, why) => {
    const fake = await startApi({ fault });
    const report = await verify(reads, fake);
    expect(report.http).toEqual({ asked: 5, agreed: 0 });
    expect(report.findings).toEqual([
      expect.objectContaining({
        code: "http_unanswered",
        severity: "error",
        message: expect.stringMatching(why),
      }),
    ]);
    expect(fake.requests).toHaveLength(1);
  });

  it("give up on an API that never answers when a query's time is over", async () => {
    const fake = await startApi({ fault: "never answers" });
    const report = await verify(reads, fake, { queryTimeoutMs: 3_000 });
    expect(report.findings?.map(({ message }) => message)).toEqual([
      "5 access checks without an answer of the API: it does not answer within 3 s.",
    ]);
    expect(fake.requests).toHaveLength(1);
  });

  it("end with the call where the API never answers", async () => {
    const fake = await startApi({ fault: "never answers" });
    await project.write({ "godwit.verify.json": JSON.stringify({ checks: reads }) });
    const engine = project.anotherEngine({ api: fake });
    const giveUp = new AbortController();
    const call = engine.verifySchema({}, { signal: giveUp.signal });
    await eventually(async () => fake.requests.length > 0, "a request");
    giveUp.abort();
    expect(await codeOf(call)).toBe("cancelled");
  });

  it("wait for an API that makes its schema cache", async () => {
    expect((await verify(reads, await startApi({ fault: "wakes up slowly" }))).http).toEqual({
      asked: 5,
      agreed: 5,
    });
  });

  it("tell of a wrong key once for its role, go on with the other, and show no key", async () => {
    const { url, serviceRoleKey } = await startApi();
    const report = await verify(reads, { url, anonKey: "sb_publishable_wrong_key", serviceRoleKey });
    expect(report.http).toEqual({ asked: 4, agreed: 2 });
    expect(codes(report)).toEqual(["http_unanswered", "http_not_asked"]);
    expect(report.findings?.[0]?.message).toContain(
      "2 access checks without an answer of the API: it refuses the key",
    );
    expect(report.findings?.[1]?.message).toContain("SUPABASE_JWT_SECRET");
    const told = JSON.stringify([report, project.events]);
    expect(told).not.toContain("sb_publishable_wrong_key");
    expect(told).not.toContain(serviceRoleKey);
  });

  it("are not asked of another project's API", async () => {
    const api = { url: "https://abcdefghijklmnopqrst.supabase.co", anonKey: "sb_publishable_of_another" };
    expect((await verify(reads, api)).findings?.[0]?.message).toContain("project abcdefghijklmnopqrst");
  });
});
