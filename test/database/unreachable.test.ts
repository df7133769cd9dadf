import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { DatabaseError, EngineError } from "../../src/engine/errors.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { failureOf, read, throughProxy } from "./through-proxy.ts";

let created: TestDatabase;
let database: SessionDatabase;
beforeAll(async () => {
  created = await createDatabase();
  database = openPostgres({ url: created.url });
});
afterAll(async () => {
  await database.close();
  await created.drop();
});

describe("targets that cannot be had", () => {
  const refusedAt = async (url: string): Promise<EngineError> => {
    const target = openPostgres({ url });
    const error = await failureOf(target.withSession(async () => undefined));
    await target.close();
    if (error instanceof DatabaseError) throw error;
    return error;
  };

  test("nothing is connected before the first session", () => {
    expect(openPostgres({ url: "postgres://me@no-such-host.invalid/x" }).target.label).toBe(
      "no-such-host.invalid:5432/x",
    );
  });

  test("a refused connection names host and port and not the password", async () => {
    const error = await refusedAt("postgres://me:hunter2@127.0.0.1:1/x");
    expect(error.code).toBe("target_unreachable");
    expect(error.message).toContain("127.0.0.1:1");
    expect(JSON.stringify(error) + error.message + String(error.cause)).not.toContain("hunter2");
  });

  test("a wrong password is a failed authentication", async () => {
    const url = new URL(created.url);
    url.password = "hunter2";
    const error = await refusedAt(url.toString());
    expect(error).toMatchObject({ code: "authentication_failed", details: { sqlstate: "28P01" } });
    expect(error.message).not.toContain("hunter2");
  });

  test("a database that does not exist is named", async () => {
    const url = new URL(created.url);
    url.pathname = "/nowhere";
    const error = await refusedAt(url.toString());
    expect(error.code).toBe("target_unreachable");
    expect(error.message).toContain("nowhere");
  });

  test("a server without TLS is refused where TLS is asked for, and taken where it is only preferred", async () => {
    const error = await refusedAt(created.url.replace("sslmode=disable", "sslmode=require"));
    expect(error.code).toBe("target_unreachable");
    expect(error.message).toContain("TLS");
    const preferring = openPostgres({ url: created.url.replace("sslmode=disable", "sslmode=prefer") });
    expect(await preferring.withSession((session) => read(session, "select 1"))).toBe(1);
    await preferring.close();
  });

  test("a server that closes the connection during login does not keep the caller waiting", () =>
    throughProxy(created.url, async (proxied, proxy) => {
      proxy.cutAfterBytes(20);
      expect(await failureOf(proxied.withSession(async () => undefined))).toMatchObject({
        code: "target_unreachable",
      });
    }));
});
