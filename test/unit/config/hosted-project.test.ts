import { expect, it } from "vitest";
import { commands } from "../../../src/commands/index.ts";
import { loadConfig, redactConfig } from "../../../src/config/load-config.ts";
import { describeTarget } from "../../../src/config/describe-target.ts";

const ref = "abcdefghijklmnopqrst";
const token = "sbp_0123456789abcdef";

const load = (env: Readonly<Record<string, string>>, argv: readonly string[] = []) =>
  loadConfig({
    argv,
    env,
    workingDir: "/home/dev/project",
    commands,
    readText: () => undefined,
    isFolder: () => false,
  });

const settle = (env: Readonly<Record<string, string>>, argv: readonly string[] = []) => {
  const loaded = load(env, argv);
  if (loaded.kind !== "config") throw new Error(JSON.stringify(loaded));
  return loaded;
};

it("a ref and a token are a hosted project, whose token is shown nowhere", () => {
  const config = settle({ SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token });
  expect(config.engine.target).toEqual({
    kind: "management",
    projectRef: ref,
    accessToken: token,
    apiUrl: "https://api.supabase.com",
    loginRole: "auto",
  });
  const env = { SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token };
  const never = settle({ ...env, GODWIT_SUPABASE_LOGIN_ROLE: "never" });
  expect(never.engine.target).toMatchObject({ loginRole: "never" });
  expect(describeTarget(config.engine.target)).toContain(ref);
  expect(JSON.stringify(redactConfig(config))).not.toContain(token);
  expect(config.secrets).toContain(token);
});

it("a database's own address goes before the Management API, and keeps the ref as the project's id", () => {
  const env = { SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token, DATABASE_URL: "postgres://h/db" };
  expect(settle(env).engine.target).toEqual({ kind: "postgres", url: "postgres://h/db", projectId: ref });
});

it("a token alone changes nothing", () => {
  expect(settle({ SUPABASE_ACCESS_TOKEN: token }).engine.target.kind).toBe("embedded");
});

it.each([
  [{ SUPABASE_PROJECT_REF: ref }, []],
  [{ SUPABASE_PROJECT_REF: "short", SUPABASE_ACCESS_TOKEN: token }, []],
  [{ SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token }, ["--project-id", "other"]],
  [{ SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token }, ["--supabase-api-url", "http://example.com"]],
  [
    { SUPABASE_PROJECT_REF: ref, SUPABASE_ACCESS_TOKEN: token },
    ["--supabase-api-url", "http://localhost.example.com"],
  ],
])("%j %j is refused, and no secret is repeated", (env, argv) => {
  const loaded = load(env, argv);
  expect(loaded).toMatchObject({ kind: "problems" });
  expect(JSON.stringify(loaded)).not.toContain(token);
});
