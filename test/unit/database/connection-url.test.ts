import { describe, expect, test } from "vitest";
import { parseConnectionUrl } from "../../../src/engine/database/connection-url.ts";
import { EngineError } from "../../../src/engine/errors.ts";

describe("parts of the URL", () => {
  test("all of them are read", () => {
    expect(parseConnectionUrl("postgresql://me:secret@db.example.com:6000/shop?sslmode=disable")).toEqual({
      hosts: [{ host: "db.example.com", port: 6000 }],
      ...{ user: "me", password: "secret", database: "shop", tlsMode: "disable", pooling: "none" },
    });
  });

  test.each([
    ["postgres://", "localhost", 5432, "postgres", "postgres"],
    ["postgres://host", "host", 5432, "postgres", "postgres"],
    ["postgres://me@host", "host", 5432, "me", "me"],
    ["postgres:///shop", "localhost", 5432, "postgres", "shop"],
    ["  postgres://me@[::1]:7000/shop\n", "::1", 7000, "me", "shop"],
    ["postgres://me@%2Fvar%2Frun/shop", "/var/run", 5432, "me", "shop"],
    ["postgres:///shop?host=/var/run&port=5433&user=me", "/var/run", 5433, "me", "shop"],
    ["postgres://me@host/my%20shop", "host", 5432, "me", "my shop"],
    ["postgres://me@host/shop?application_name=a@b", "host", 5432, "me", "shop"],
  ])("%s leads to the right place", (url, host, port, user, database) => {
    const address = parseConnectionUrl(url);
    expect(address).toMatchObject({ hosts: [{ host, port }], user, database });
  });

  test("several hosts keep their order and their ports", () => {
    expect(parseConnectionUrl("postgres://a:1,b,c:3/x").hosts).toEqual([
      { host: "a", port: 1 },
      { host: "b", port: 5432 },
      { host: "c", port: 3 },
    ]);
  });
});

describe("passwords", () => {
  test.each([
    ["plain", "plain"],
    ["p%40ss", "p@ss"],
    ["100%", "100%"],
    ["50%25", "50%"],
    ["%zz%4", "%zz%4"],
    ["a@b", "a@b"],
    ["a@b@c", "a@b@c"],
    ["a/b", "a/b"],
    ["a#b", "a#b"],
    ["a?b", "a?b"],
    ["a:b", "a:b"],
    ["a/b@c/d", "a/b@c/d"],
    ["@", "@"],
    ["%E4", "%E4"],
    ["%C3%A4", "ä"],
    ["ä+ö", "ä+ö"],
    ["", ""],
  ])("%s is understood, raw or encoded", (written, password) => {
    const address = parseConnectionUrl(`postgres://me:${written}@host:6543/shop`);
    expect(address).toMatchObject({
      user: "me",
      password,
      database: "shop",
      hosts: [{ host: "host", port: 6543 }],
    });
  });

  test("one given as a parameter may hold a plus sign", () => {
    expect(parseConnectionUrl("postgres://me@host/shop?password=a+b%2Bc").password).toBe("a+b+c");
  });
});

describe("TLS", () => {
  test.each([
    ["postgres://host/x", "prefer"],
    ["postgres://host/x?sslmode=allow", "prefer"],
    ["postgres://host/x?sslmode=verify-full", "verify-full"],
    ["postgres://host/x?sslmode=require&sslrootcert=/ca.pem", "verify-ca"],
    ["postgres://host/x?sslrootcert=system", "verify-full"],
    ["postgres:///x?host=/run&sslmode=require", "disable"],
    ["postgres://p@db.abcdefghijklmnopqrst.supabase.co/postgres", "require"],
    ["postgres://p@aws-0-eu-west-1.pooler.supabase.com:6543/postgres", "require"],
    ["postgres://p@db.abcdefghijklmnopqrst.supabase.co/postgres?sslmode=verify-full", "verify-full"],
  ])("%s asks for %s", (url, mode) => {
    expect(parseConnectionUrl(url).tlsMode).toBe(mode);
  });
});

describe("poolers and projects", () => {
  test.each([
    ["postgres://host:6543/x", "transaction"],
    ["postgres://host/x?pgbouncer=true", "transaction"],
    ["postgres://host/x?pool_mode=transaction", "transaction"],
    ["postgres://host:5432/x", "none"],
  ])("%s has pooling %s", (url, pooling) => {
    expect(parseConnectionUrl(url).pooling).toBe(pooling);
  });

  test.each([
    ["postgres://postgres@db.abcdefghijklmnopqrst.supabase.co/postgres", "abcdefghijklmnopqrst"],
    [
      "postgres://postgres.abcdefghijklmnopqrst@aws-0-x.pooler.supabase.com:5432/postgres",
      "abcdefghijklmnopqrst",
    ],
    ["postgres://postgres.abcdefghijklmnopqrst@localhost/postgres", undefined],
  ])("%s names the project %s", (url, ref) => {
    expect(parseConnectionUrl(url).projectRef).toBe(ref);
  });
});

describe("what cannot be read", () => {
  test.each([
    "mysql://me:hunter2@host/x",
    "host=localhost password=hunter2",
    "postgres://me:hunter2@host:99999/x",
    "postgres://me:hunter2@host:0/x",
    "postgres://me:hunter2@ho st/x",
    "postgres://me:hunter2@host/x?sslmode=hunter2",
    "",
  ])("%s is refused as a setting and the message repeats nothing of it", (url) => {
    const read = (): unknown => parseConnectionUrl(url);
    expect(read).toThrowError(EngineError);
    expect(read).toThrowError(expect.objectContaining({ code: "invalid_settings" }));
    expect(read).not.toThrowError(/hunter2/);
  });
});
