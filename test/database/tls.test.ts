import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../src/engine/database/postgres.ts";
import { sql } from "../../src/engine/database/sql.ts";
import { chooseUser, startServer, type PostgresServer } from "../support/postgres-server.ts";

describe.skipIf(!hasOpenssl())("a server with TLS (needs openssl installed)", () => {
  let folder: string;
  let server: PostgresServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "godwit-tls-"));
    chmodSync(folder, 0o755);
    makeCertificate(folder);
    server = await startServer({
      major: 17,
      settings: [
        "ssl=on",
        `ssl_cert_file=${join(folder, "cert.pem")}`,
        `ssl_key_file=${join(folder, "key.pem")}`,
      ],
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** What the server says about the connection's encryption, or the code of the error. */
  const encryptionOf = async (parameters: string, host = "localhost"): Promise<unknown> => {
    const url = `postgres://postgres:${server.password}@${host}:${server.port}/postgres?${parameters}`;
    const database = openPostgres({ url });
    try {
      return await database.withSession(async (session) => {
        const { rows } = await session.run(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`);
        return rows[0]?.["ssl"];
      });
    } catch (error) {
      return error instanceof Error && "code" in error ? error.code : error;
    } finally {
      await database.close();
    }
  };

  test.each([
    ["", true],
    ["sslmode=prefer", true],
    ["sslmode=require", true],
    ["sslmode=disable", false],
    ["sslmode=verify-full", "target_unreachable"],
    ["sslmode=verify-ca", "target_unreachable"],
    ["sslmode=verify-full&sslrootcert=/no/such.pem", "invalid_settings"],
  ])("with %s the encryption is %s", async (parameters, expected) => {
    expect(await encryptionOf(parameters)).toBe(expected);
  });

  test("a named root certificate is trusted, for the host that it names only where that is asked for", async () => {
    const root = `sslrootcert=${join(folder, "cert.pem")}`;
    expect(await encryptionOf(`sslmode=verify-full&${root}`)).toBe(true);
    expect(await encryptionOf(`sslmode=verify-full&${root}`, "127.0.0.1")).toBe("target_unreachable");
    expect(await encryptionOf(`sslmode=verify-ca&${root}`, "127.0.0.1")).toBe(true);
    expect(await encryptionOf(`sslmode=require&${root}`, "127.0.0.1")).toBe(true);
  });

  test("a running statement can be cancelled over TLS", async () => {
    const url = `postgres://postgres:${server.password}@localhost:${server.port}/postgres?sslmode=require`;
    const database = openPostgres({ url });
    await database.withSession(async (session) => {
      const running = session.run(sql`select pg_sleep(30)`).catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await session.cancel();
      expect(await running).toMatchObject({ fields: { sqlstate: "57014" } });
    });
    await database.close();
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A certificate for `localhost` that is its own root; the server wants a key that only its user can read. */
function makeCertificate(folder: string): void {
  const key = join(folder, "key.pem");
  const certificate = [
    "-keyout",
    key,
    "-out",
    join(folder, "cert.pem"),
    "-subj",
    "/CN=localhost",
    "-days",
    "2",
  ];
  const request = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-addext",
    "subjectAltName=DNS:localhost",
  ];
  execFileSync("openssl", [...request, ...certificate], { stdio: "ignore" });
  chmodSync(key, 0o600);
  const user = chooseUser();
  if (user !== undefined) chownSync(key, user.uid, user.gid);
}
