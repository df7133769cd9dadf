import { expect, it } from "vitest";
import { commands } from "../../../src/commands/index.ts";
import { loadConfig, redactConfig } from "../../../src/config/load-config.ts";
import { describeTarget } from "../../../src/config/describe-target.ts";

const ref = "abcdefghijklmnopqrst";
const stagingUrl = "postgresql://app:hunter2secret@staging.example.com/app";
const productionToken = "sbp_9876543210fedcba";

const threeTargets = {
  development: { data_dir: "dev" },
  staging: { database_url_env: "STAGING_URL" },
  production: { supabase_project_ref: ref, supabase_access_token_env: "PRODUCTION_TOKEN" },
};

interface Given {
  readonly file?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
}

const load = ({ file = { targets: threeTargets }, env = {}, argv = [] }: Given) =>
  loadConfig({
    argv,
    env,
    workingDir: "/home/dev/project",
    commands,
    readText: (path) => (path === "/home/dev/project/godwit.json" ? JSON.stringify(file) : undefined),
    isFolder: () => false,
  });

function settle(given: Given) {
  const loaded = load(given);
  if (loaded.kind !== "config") throw new Error(JSON.stringify(loaded));
  return loaded;
}

function problemsOf(given: Given): readonly string[] {
  const loaded = load(given);
  return loaded.kind === "problems" ? loaded.problems : [];
}

it("targets are chosen by label, and their addresses come from the variables that the file names", () => {
  const env = { STAGING_URL: stagingUrl, PRODUCTION_TOKEN: productionToken };
  const config = settle({ env });
  expect(config.engine.target).toEqual({
    kind: "labelled",
    usual: "development",
    targets: [
      {
        label: "development",
        isProduction: false,
        readOnly: false,
        address: { kind: "embedded", dataDir: "/home/dev/project/dev" },
      },
      {
        label: "staging",
        isProduction: false,
        readOnly: false,
        address: { kind: "postgres", url: stagingUrl },
      },
      {
        label: "production",
        isProduction: true,
        readOnly: false,
        address: {
          kind: "management",
          projectRef: ref,
          accessToken: productionToken,
          apiUrl: "https://api.supabase.com",
          loginRole: "auto",
        },
      },
    ],
  });
  expect(config.addressVariables).toEqual(["STAGING_URL", "PRODUCTION_TOKEN"]);
  expect(config.secrets).toEqual(expect.arrayContaining([stagingUrl, "hunter2secret", productionToken]));
  const shown = JSON.stringify(redactConfig(config)) + describeTarget(config.engine.target);
  for (const secret of ["hunter2secret", productionToken]) expect(shown).not.toContain(secret);
  expect(describeTarget(config.engine.target)).toBe("development (usual), staging, production (production)");
});

it("a target whose variable is not set, or no address, waits for its first use", () => {
  const config = settle({ env: { STAGING_URL: "not-an-address" } });
  expect(config.engine.target).toMatchObject({
    targets: [
      {},
      { address: { kind: "not_set_up", reason: expect.stringContaining("STAGING_URL") } },
      { address: { kind: "not_set_up", reason: expect.stringContaining("PRODUCTION_TOKEN") } },
    ],
  });
  expect(JSON.stringify(config)).not.toContain("not-an-address");
});

it.each([
  ["--target", { argv: ["--target", "staging"] }],
  ["GODWIT_TARGET", { env: { GODWIT_TARGET: "staging" } }],
  ["target in the file", { file: { target: "staging", targets: threeTargets } }],
])("%s says which target calls mean that name none", (_, given) => {
  expect(settle(given).engine.target).toMatchObject({ usual: "staging" });
});

it("production is never the usual target by itself", () => {
  const production = { data_dir: "a" };
  expect(settle({ file: { targets: { production } } }).engine.target).not.toHaveProperty("usual");
  const targets = { production, other: { data_dir: "b" } };
  expect(settle({ file: { targets } }).engine.target).toMatchObject({ usual: "other" });
});

it.each([
  ["prod-eu", {}, true],
  ["live", {}, true],
  ["products", {}, false],
  ["production", { production: false }, false],
  ["main", { production: true }, true],
])("%s %j counts as production: %s", (label, marked, isProduction) => {
  const targets = { [label]: { data_dir: "a", ...marked } };
  expect(settle({ file: { targets } }).engine.target).toMatchObject({ targets: [{ label, isProduction }] });
});

it.each([
  ["an address in the file", { staging: { database_url: stagingUrl } }, /database_url_env/],
  ["a token in the file", { staging: { supabase_access_token: productionToken } }, /access_token_env/],
  ["an address where a name belongs", { staging: { database_url_env: stagingUrl } }, /name of a variable/],
  ["a mistyped key", { staging: { databse_url_env: "A" } }, /database_url_env/],
  ["no address", { staging: {} }, /database_url_env, supabase_project_ref or data_dir/],
  ["two addresses", { staging: { data_dir: "a", database_url_env: "A" } }, /one of them/],
  ["no object", { staging: "A" }, /not an object/],
  ["a label with spaces", { "my staging": { data_dir: "a" } }, /label/],
  ["no target", {}, /no target/],
  ["a list", ["staging"], /not an object of labels/],
  [
    "one project twice",
    { a: { data_dir: "x", project_id: ref }, b: { data_dir: "y", project_id: ref } },
    /a and b/,
  ],
  ["one database twice", { a: { data_dir: "x" }, b: { data_dir: "./x" } }, /a and b/],
])("%s is refused with what to write, and no secret is repeated", (_, targets, text) => {
  const problems = problemsOf({ file: { targets } });
  expect(problems.join("\n")).toMatch(text);
  for (const secret of ["hunter2secret", productionToken]) expect(problems.join()).not.toContain(secret);
});

it.each([
  ["--database-url", { argv: ["--database-url", stagingUrl] }],
  ["GODWIT_DATABASE_URL", { env: { GODWIT_DATABASE_URL: stagingUrl } }],
  ["data_dir in the file", { file: { data_dir: "x", targets: threeTargets } }],
  ["--project-id", { argv: ["--project-id", ref] }],
])("%s beside targets is refused: nobody could say which is meant", (_, given) => {
  expect(problemsOf(given).join()).toContain("--target");
});

it("DATABASE_URL, which other programs set, counts only where a target names it", () => {
  const env = { DATABASE_URL: stagingUrl };
  expect(settle({ env }).warnings.join()).toContain("DATABASE_URL");
  const targets = { staging: { database_url_env: "DATABASE_URL" } };
  const config = settle({ env, file: { targets } });
  expect(config.warnings).toEqual([]);
  expect(config.engine.target).toMatchObject({ targets: [{ address: { url: stagingUrl } }] });
});

it("a usual target that there is not is refused with those that there are", () => {
  expect(problemsOf({ argv: ["--target", "stagin"] }).join()).toMatch(
    /development, staging, production.*did you mean staging/,
  );
  expect(problemsOf({ argv: ["--target", "staging"], file: {} }).join()).toContain("there are none");
});
