import { expect, it } from "vitest";
import { commands } from "../../../src/commands/index.ts";
import { loadConfig, redactConfig } from "../../../src/config/load-config.ts";

const ref = "abcdefghijklmnopqrst";
const keys = {
  SUPABASE_ANON_KEY: "sb_publishable_0123456789",
  SUPABASE_SERVICE_ROLE_KEY: "sb_secret_0123456789",
  SUPABASE_JWT_SECRET: "a-secret-that-signs-tokens",
};

const settle = (env: Readonly<Record<string, string>>, argv: readonly string[] = []) => {
  const loaded = loadConfig({
    argv,
    env,
    workingDir: "/home/dev/project",
    commands,
    readText: () => undefined,
    isFolder: () => false,
  });
  if (loaded.kind !== "config") throw new Error(JSON.stringify(loaded));
  return loaded;
};

it("an address and keys are a project's API, and the keys are shown nowhere", () => {
  const config = settle({ SUPABASE_URL: "http://kong:8000/", ...keys });
  expect(config.engine.api).toEqual({
    url: "http://kong:8000",
    anonKey: keys.SUPABASE_ANON_KEY,
    serviceRoleKey: keys.SUPABASE_SERVICE_ROLE_KEY,
    jwtSecret: keys.SUPABASE_JWT_SECRET,
  });
  expect(config.secrets).toEqual(expect.arrayContaining(Object.values(keys)));
  const shown = JSON.stringify(redactConfig(config));
  for (const key of Object.values(keys)) expect(shown).not.toContain(key);
});

it("new names of keys are taken, and a known ref gives the address", () => {
  const env = { SUPABASE_PUBLISHABLE_KEY: "p", SUPABASE_SECRET_KEY: "s" };
  const argv = ["--supabase-project-ref", ref, "--database-url", "postgresql://h/db"];
  expect(settle(env, argv).engine.api).toEqual({
    url: `https://${ref}.supabase.co`,
    anonKey: "p",
    serviceRoleKey: "s",
  });
});

it("keys without an address, and an address without keys, ask nobody", () => {
  expect(settle(keys).engine.api).toBeUndefined();
  expect(settle({ SUPABASE_URL: "http://localhost:54321" }).engine.api).toBeUndefined();
});
