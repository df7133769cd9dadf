import { describe, expect, it } from "vitest";
import { commands } from "../../../src/commands/index.ts";
import { loadConfig, redactConfig, type Config, type Loaded } from "../../../src/config/load-config.ts";
import { describeTarget } from "../../../src/config/describe-target.ts";

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
}

function load({ argv = [], env = {}, files = {}, folders = [] }: Given): Loaded {
  return loadConfig({
    argv,
    env,
    workingDir: "/home/dev/project",
    commands,
    readText: (path) => files[path],
    isFolder: (path) => folders.includes(path),
  });
}

function config(given: Given): Config {
  const loaded = load(given);
  if (loaded.kind !== "config") throw new Error(JSON.stringify(loaded));
  return loaded;
}

function problems(given: Given): readonly string[] {
  const loaded = load(given);
  return loaded.kind === "problems" ? loaded.problems : [];
}

describe("settings without any", () => {
  it("serve the embedded database of the project in the working folder", () => {
    expect(config({}).engine).toEqual({
      target: { kind: "embedded", dataDir: "/home/dev/project/.godwit/embedded" },
      projectDir: "/home/dev/project",
      readOnly: false,
      lockTimeoutMs: 200,
      lockWaitMs: 60_000,
      statementTimeoutMs: 600_000,
      rehearsalTimeoutMs: 5000,
      rollbackWindowHours: 48,
      verifyBeforeCommit: true,
      queryTimeoutMs: 15_000,
    });
  });

  it("log warnings only, and more over HTTP", () => {
    expect(config({}).logLevel).toBe("warn");
    expect(config({ argv: ["--http"] }).logLevel).toBe("info");
  });
});

describe("the order of places", () => {
  const files = {
    "/home/dev/project/godwit.json": '{"migrations_dir":"file","log_level":"debug","read_only":true}',
  };

  it("is flag, variable, file", () => {
    const env = { GODWIT_MIGRATIONS_DIR: "variable", MIGRATIONS_DIR: "other" };
    expect(config({ files }).engine.migrationsDir).toBe("/home/dev/project/file");
    expect(config({ files, env }).engine.migrationsDir).toBe("/home/dev/project/variable");
    expect(config({ files, env, argv: ["--migrations-dir", "flag"] }).engine.migrationsDir).toBe(
      "/home/dev/project/flag",
    );
  });

  it("says where each setting came from", () => {
    const loaded = config({ files, env: { DATABASE_URL: "postgres://h/d" }, argv: ["--log-level=info"] });
    expect(loaded.sources).toMatchObject({
      "log-level": "--log-level",
      "database-url": "DATABASE_URL",
      "read-only": "read_only in /home/dev/project/godwit.json",
    });
  });

  it("prefers our own variable to the one that everybody has", () => {
    const env = { DATABASE_URL: "postgres://other/d", GODWIT_DATABASE_URL: "postgres://ours/d" };
    expect(config({ env }).engine.target).toEqual({ kind: "postgres", url: "postgres://ours/d" });
  });

  it("lets a flag turn off what the file turned on", () => {
    expect(config({ files }).engine.readOnly).toBe(true);
    expect(config({ files, argv: ["--read-only=false"] }).engine.readOnly).toBe(true);
  });

  it("takes an empty variable for none", () => {
    expect(config({ env: { DATABASE_URL: "" } }).engine.target.kind).toBe("embedded");
  });
});

describe("read-only", () => {
  it.each([
    [["--read-only"], {}],
    [["--read-only=1"], {}],
    [[], { GODWIT_READ_ONLY: "true" }],
    [[], { GODWIT_READ_ONLY: "1" }],
  ])("is on by %j %j", (argv, env) => {
    expect(config({ argv, env }).engine.readOnly).toBe(true);
  });

  it.each([
    [["--readonly"], {}, "--read-only"],
    [["--read_only"], {}, "--read-only"],
    [["--read-onyl"], {}, "--read-only"],
    [["--read-only=yes"], {}, "neither true nor false"],
    [["--query-timeout", "5s"], {}, "--query-timeout is not a whole number of milliseconds."],
    [[], { GODWIT_READ_ONLY: "yes" }, "GODWIT_READ_ONLY is neither true nor false"],
    [[], { GODWIT_READONLY: "true" }, "GODWIT_READ_ONLY"],
    [[], { GODWIT_READ_ONLY: "TRUE" }, "neither true nor false"],
  ])("cannot be mistyped away by %j %j", (argv, env, expected) => {
    expect(problems({ argv, env }).join()).toContain(expected);
  });

  it.each(['{"readonly":true}', '{"read_only":"yes"}', '{"readOnly":true}'])(
    "cannot be mistyped away by a file %s",
    (text) => {
      expect(problems({ files: { "/home/dev/project/godwit.json": text } })).toHaveLength(1);
    },
  );
});

describe("a value that a client did not replace", () => {
  it("counts as unset and is named", () => {
    const loaded = config({ env: { DATABASE_URL: "${DATABASE_URL}" } });
    expect(loaded.engine.target.kind).toBe("embedded");
    expect(loaded.warnings.join()).toContain("DATABASE_URL is the text ${DATABASE_URL}");
  });

  it("lets the next place count", () => {
    const env = { GODWIT_DATABASE_URL: "${X}", DATABASE_URL: "postgres://h/d" };
    expect(config({ env }).engine.target.kind).toBe("postgres");
    expect(config({ argv: ["--migrations-dir", "${DIR}"] }).engine.migrationsDir).toBeUndefined();
  });
});

describe("problems", () => {
  it("are told all at once", () => {
    const found = problems({
      argv: ["--log-level", "loud", "--databse-url", "--lock-timeout", "soon"],
      env: { GODWIT_READ_ONLY: "maybe" },
    });
    expect(found).toHaveLength(4);
  });

  it("offer the flag that was meant", () => {
    expect(problems({ argv: ["--migration-dir", "x"] }).join()).toContain("did you mean --migrations-dir?");
    expect(problems({ argv: ["list-migration"] }).join()).toContain("did you mean list-migrations?");
    expect(problems({ argv: ["apply-migration", "--dryrun"] }).join()).toContain("did you mean --dry-run?");
  });

  it.each([
    [{ argv: ["--database-url", "mysql://u:geheim99@h/d"] }],
    [{ env: { DATABASE_URL: "u:geheim99@h" } }],
    [{ argv: ["postgres://u:geheim99@h/d"] }],
    [{ argv: ["--databse-url=postgres://u:geheim99@h/d"] }],
    [{ argv: ["--token", "geheim99"] }],
    [{ argv: ["list-migrations", "postgres://u:geheim99@h/d"] }],
    [{ files: { "/home/dev/project/godwit.json": '{"database_url": "postgres://u:geheim99@h/d"' } }],
    [{ files: { "/home/dev/project/godwit.json": '{"database_url": ["postgres://u:geheim99@h/d"]}' } }],
  ])("never repeat a secret: %j", (given: Given) => {
    const found = problems(given);
    expect(found).not.toEqual([]);
    expect(found.join()).not.toContain("geheim99");
  });

  it.each([
    ["--config"],
    ["--config", "none.json"],
    ["--project-dir", "nowhere"],
    ["--log-level=info", "--log-level=warn"],
    ["--data-dir", ""],
  ])("are found in %j", (...argv) => {
    expect(problems({ argv })).toHaveLength(1);
  });

  it.each(["[]", "7", "{", '"x"'])("are found in a file that holds %s", (text) => {
    expect(problems({ files: { "/home/dev/project/godwit.json": text } })).toHaveLength(1);
  });
});

describe("folders", () => {
  it("of godwit.json are below the file", () => {
    const files = { "/etc/g/set.json": '{"migrations_dir":"m","data_dir":"../d"}' };
    const loaded = config({ files, argv: ["--config", "/etc/g/set.json"] });
    expect(loaded.engine.migrationsDir).toBe("/etc/g/m");
    expect(loaded.engine.target).toMatchObject({ dataDir: "/etc/d" });
  });

  it("are below the project that Claude Code names, where that exists", () => {
    const env = { CLAUDE_PROJECT_DIR: "/claude", MIGRATIONS_DIR: "m" };
    expect(config({ env, folders: ["/claude"] }).engine.migrationsDir).toBe("/claude/m");
    expect(config({ env }).engine.migrationsDir).toBe("/home/dev/project/m");
  });

  it("of the embedded database can be no folder at all", () => {
    expect(config({ argv: ["--data-dir", "memory"] }).engine.target).toMatchObject({ dataDir: "memory" });
  });
});

describe("--http", () => {
  const loopback = {
    host: "127.0.0.1",
    port: 0,
    tokenPath: "/home/dev/project/.godwit/tokens.json",
    requestsPerMinute: 600,
    allowedHosts: [],
    allowedOrigins: [],
  };

  it.each([
    [["--http"], loopback],
    [["--http", "8080"], { ...loopback, port: 8080 }],
    [["--http=:8080"], { ...loopback, port: 8080 }],
    [["--http", "localhost:1"], { ...loopback, host: "localhost", port: 1 }],
    [["--http", "[::1]:9"], { ...loopback, host: "::1", port: 9 }],
    [["--http", "--log-level", "info"], loopback],
  ])("understands %j", (argv, http) => {
    expect(config({ argv }).entry).toEqual({ kind: "http", http });
  });

  it.each(["0.0.0.0:80", "::", "192.168.1.7:80", "example.com:80"])(
    "refuses %s without a token and the hosts that callers use, and says how to give them",
    (address) => {
      const found = problems({ argv: [`--http=${address}`] }).join(" ");
      expect(found).toMatch(/--token.*--allowed-host|host:port/);
    },
  );

  it("takes another address with both", () => {
    const argv = ["--http", "0.0.0.0:80", "--token", "t".repeat(32), "--allowed-host", "db.example.com"];
    expect(config({ argv }).entry).toMatchObject({
      kind: "http",
      http: { host: "0.0.0.0", token: "t".repeat(32), allowedHosts: ["db.example.com"] },
    });
  });

  it("takes another address with tokens of the project, or an issuer of OAuth, instead of that token", () => {
    const files = { "/home/dev/project/.godwit/tokens.json": "{}" };
    const argv = ["--http", "0.0.0.0:80", "--allowed-host", "db.example.com"];
    expect(config({ argv, files }).entry).toMatchObject({ kind: "http" });
    const oauth = ["--oauth-issuer", "https://id.example.com", "--public-url", "https://db.example.com/mcp"];
    expect(config({ argv: ["--http", "0.0.0.0:80", ...oauth] }).entry).toMatchObject({
      http: {
        oauth: { issuer: "https://id.example.com", publicUrl: "https://db.example.com/mcp" },
        allowedHosts: ["db.example.com"],
      },
    });
  });

  it.each([
    ["--oauth-issuer", "https://id.example.com"],
    ["--oauth-issuer", "http://id.example.com", "--public-url", "https://db.example.com/mcp"],
    ["--oauth-issuer", "https://id.example.com", "--public-url", "db.example.com"],
    ["--rate-limit", "many"],
  ])("refuses %s %s", (...argv) => {
    expect(problems({ argv: ["--http", ...argv] })).not.toEqual([]);
  });

  it.each(["70000", "host:", "a b:1"])("refuses the address %s", (address) => {
    expect(problems({ argv: [`--http=${address}`] })).not.toEqual([]);
  });

  it("refuses a command beside it", () => {
    expect(problems({ argv: ["--http", "list-migrations"] }).join()).toContain("--http serves");
  });
});

describe("commands", () => {
  it("take settings before and behind", () => {
    const loaded = config({
      argv: ["--data-dir", "memory", "list_migrations", "--json", "--read-only", "--all"],
    });
    expect(loaded.entry).toMatchObject({ kind: "command", name: "list-migrations" });
    expect(loaded.engine.readOnly).toBe(true);
  });

  it("may have a flag that means another thing elsewhere", () => {
    expect(load({ argv: ["--version"] }).kind).toBe("version");
    const { entry } = config({ argv: ["apply-migration", "--version", "20260101000000"] });
    expect(entry.kind === "command" ? entry.args.get("version") : undefined).toEqual(["20260101000000"]);
  });

  it("take SQL that begins with a comment", () => {
    const { entry } = config({ argv: ["execute-sql", "-- why\nselect 1"] });
    expect(entry.kind === "command" ? entry.args.get("query") : undefined).toEqual(["-- why\nselect 1"]);
  });

  it.each([["--help"], ["-h"], ["list-migrations", "--help"], ["--unknown", "--help"]])(
    "explain themselves by %j",
    (...argv) => {
      expect(load({ argv }).kind).toBe("help");
    },
  );
});

describe("what is shown of the settings", () => {
  const given = {
    argv: [
      "--http",
      "--token",
      "t0ken-t0ken-t0ken-t0ken",
      "--database-url",
      "postgres://me:p%40ss@db.example.com:5432/app?x=1",
    ],
  };

  it("holds neither password nor token", () => {
    const shown = JSON.stringify(redactConfig(config(given))) + describeTarget(config(given).engine.target);
    expect(shown).toContain("db.example.com:5432/app");
    for (const secret of ["p%40ss", "p@ss", "t0ken"]) expect(shown).not.toContain(secret);
  });

  it("knows the secrets in every form", () => {
    expect(config(given).secrets).toEqual(
      expect.arrayContaining(["p%40ss", "p@ss", "t0ken-t0ken-t0ken-t0ken"]),
    );
  });
});
