import { describe, expect, it } from "vitest";
import { parseVersion, type Version } from "../../../src/engine/model/version.ts";
import { createLazyLog } from "../../../src/lazy-log.ts";
import { createLog, type Log } from "../../../src/logging.ts";
import { createRedactor } from "../../../src/redact.ts";
import type { LogLevel } from "../../../src/config/settings.ts";

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function logInto(
  level: LogLevel,
  secrets: readonly string[] = [],
): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const log = createLog({ level, redact: createRedactor(secrets), write: (line) => lines.push(line) });
  return { log, lines };
}

describe("the log", () => {
  it("is one JSON object a line", () => {
    const { log, lines } = logInto("info");
    log.info("first\nsecond", { target: "embedded" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "info",
      msg: "first\nsecond",
      target: "embedded",
    });
  });

  it("turns the engine's events into lines of their own level", () => {
    const { log, lines } = logInto("debug");
    log.event({ kind: "lock_waiting", attempt: 1, waitedMs: 5 });
    log.event({
      kind: "migration_finished",
      version: version("20260101000000"),
      status: "failed",
      durationMs: 1,
    });
    log.event({
      kind: "statement_finished",
      version: version("20260101000000"),
      position: 1,
      total: 2,
      durationMs: 1,
    });
    log.event({ kind: "database_opened", target: "embedded", durationMs: 1 });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: "warn", msg: "lock_waiting", attempt: 1 },
      { level: "warn", msg: "migration_finished", status: "failed" },
      { level: "debug", msg: "statement_finished", position: 1 },
      { level: "info", msg: "database_opened" },
    ]);
  });

  it("keeps a fault's stack and causes, and nothing else that the driver put on it", () => {
    const { log, lines } = logInto("warn");
    const error = Object.assign(new Error("boom", { cause: new Error("root") }), {
      code: "42804",
      query: "select 'row text'",
    });
    log.fault({ id: "7", during: "execute_sql", error });
    const line: unknown = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({
      fault: "7",
      during: "execute_sql",
      err: { message: "boom", code: "42804", cause: { message: "root" } },
    });
    expect(lines[0]).not.toContain("row text");
  });

  it("says nothing below its level", () => {
    const { log, lines } = logInto("warn");
    log.info("quiet");
    log.debug("quiet");
    expect(lines).toEqual([]);
  });
});

describe("a secret", () => {
  it.each(["p%40ss+word", 'quo"ted-pass', "back\\slash-pass", "pass with space"])(
    "%j never gets into a line",
    (secret) => {
      const { log, lines } = logInto("trace", [secret]);
      log.warn(`connect with ${secret} failed`, { [secret]: { nested: [secret] } });
      log.error(new Error(`bad ${secret}`), "error");
      log.fault({ id: "1", during: "x", error: new Error(`https://x/?p=${encodeURIComponent(secret)}`) });
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
        expect(lines.join("")).not.toContain(form);
      }
    },
  );

  it.each([
    "postgresql://me:hunter22@db.example.com/app",
    "postgres://me:hun@ter22@host/db",
    "Authorization: Bearer hunter22hunter22",
    '{"password":"hunter22"}',
    "password=hunter22",
    "token: hunter22",
  ])("that nobody named is hidden where it looks like one: %s", (text) => {
    expect(createRedactor([])(text)).not.toContain("ter22");
  });

  it("does not hide what is none", () => {
    const text = "postgresql://db.example.com:5432/app took 12 ms; see https://example.com/a:b";
    expect(createRedactor(["ab"])(text)).toBe(text);
  });
});

describe("the log that loads at its first line", () => {
  it("writes every line in order, and has written them when asked", async () => {
    const lines: string[] = [];
    const log = createLazyLog({ level: "info", redact: (text) => text, write: (line) => lines.push(line) });
    log.info("one");
    log.debug("none");
    log.warn("two");
    await log.written();
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ msg: "one" }, { msg: "two" }]);
  });
});
