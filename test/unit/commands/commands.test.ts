import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../../src/config/command-line.ts";
import {
  commands,
  paint,
  renderCommandHelp,
  renderConnection,
  renderHelp,
  renderOverview,
  runCommand,
} from "../../../src/commands/index.ts";
import { exitCodeOfAnswer, exitCodeOfError } from "../../../src/commands/exit-code.ts";
import { renderReport } from "../../../src/commands/render-report.ts";
import { errorTable, EngineError, type Engine } from "../../../src/engine/index.ts";
import { settings } from "../../../src/config/settings.ts";
import { fakeEngine } from "../../mcp/fake-engine.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function run(
  argv: readonly string[],
  engine: Engine = fakeEngine(),
  files: Readonly<Record<string, string>> = {},
  askPerson?: (question: string) => Promise<string>,
): Promise<Outcome> {
  const line = parseCommandLine(argv, settings, commands);
  expect(line.problems).toEqual([]);
  const command = commands.find(({ name }) => name === line.command);
  if (command === undefined) throw new Error("no command");
  let out = "";
  let error = "";
  const code = await runCommand(command, line.args, {
    engine,
    context: {},
    reportFault: () => undefined,
    readStdin: async () => "select 'stdin'",
    readFile: async (path) => files[path] ?? Promise.reject(new Error("ENOENT")),
    ...(askPerson === undefined ? {} : { askPerson }),
    writeOut: (text) => (out += text),
    writeError: (text) => (error += text),
  });
  return { code, out, error };
}

describe("a command whose plan needs a yes", () => {
  const planId = "1234abcd".repeat(8);
  const asking = (): Engine =>
    fakeEngine({
      applyMigration: async ({ confirm }, { approvedPlan }) => ({
        summary: "It drops table public.orders (3 rows). Cannot come back: its rows.",
        target: "shop",
        status: approvedPlan === planId || confirm === planId ? "applied" : "confirmation_required",
        plan_id: planId,
        migrations: [],
        losses: [{ object: "table public.orders", change: "dropped", rows: 3, cannot_come_back: "its rows" }],
      }),
    });

  it("exits with 4 where there is nobody to ask, and says what to pass", async () => {
    const { code, out } = await run(["apply-migration"], asking());
    expect(code).toBe(4);
    expect(out).toContain(planId);
    expect(out).toContain("table public.orders");
  });

  it("applies with --confirm and asks nobody", async () => {
    const never = () => Promise.reject(new Error("asked"));
    const { code } = await run(["apply-migration", "--confirm", planId], asking(), {}, never);
    expect(code).toBe(0);
  });

  it.each(["y", "Y", "yes\n"])(
    "applies after a person's %j on a terminal, who saw what is lost first",
    async (answer) => {
      const asked: string[] = [];
      const { code, out } = await run(["apply-migration"], asking(), {}, async (question) => {
        asked.push(question);
        return answer;
      });
      expect(code).toBe(0);
      expect(asked).toEqual([expect.stringContaining("[y/N]")]);
      expect(out.indexOf("table public.orders")).toBeGreaterThanOrEqual(0);
    },
  );

  it.each(["", "n", "no", "yep", "true", planId])(
    "changes nothing after %j and exits with 4",
    async (answer) => {
      const { code, error } = await run(["apply-migration"], asking(), {}, async () => answer);
      expect(code).toBe(4);
      expect(error).toContain("not_confirmed");
    },
  );

  it("asks nobody with --json, whose output is one document", async () => {
    const never = () => Promise.reject(new Error("asked"));
    const { code, out } = await run(["apply-migration", "--json"], asking(), {}, never);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ status: "confirmation_required", plan_id: planId });
  });
});

describe("a plan of files and history on a terminal", () => {
  const planId = "1234abcd".repeat(8);
  const reconciling = (): Engine =>
    fakeEngine({
      reconcileHistory: async (_request, { approvedPlan }) => ({
        summary: approvedPlan === planId ? "1 step carried out." : "1 step planned.",
        status: approvedPlan === planId ? "carried_out" : "planned",
        target: "shop",
        folder: "migrations",
        plan_id: planId,
        counts: { adopt: 1 },
        steps: [{ action: "adopt", version: "20260101000000", why: "no file has it" }],
      }),
    });

  it("is shown and asked about, and carried out after a y", async () => {
    const { code, out } = await run(["reconcile-history"], reconciling(), {}, async () => "y");
    expect(code).toBe(0);
    expect(out.indexOf("no file has it")).toBeGreaterThan(0);
    expect(out.indexOf("no file has it")).toBeLessThan(out.indexOf("1 step carried out."));
  });

  it("is left alone after anything else, and shown without a question where there is no terminal", async () => {
    expect((await run(["reconcile-history"], reconciling(), {}, async () => "")).code).toBe(4);
    const { code, out } = await run(["reconcile-history"], reconciling());
    expect(code).toBe(1);
    expect(out).toContain(planId);
  });
});

describe("a command line", () => {
  it.each([
    [
      ["apply-migration", "--dry-run", "--version", "20260101000000"],
      { dryRun: true, version: "20260101000000" },
    ],
    [["apply-migration", "--name", "n", "--query", "-"], { name: "n", query: "select 'stdin'" }],
    [["apply-migration", "--name=n", "--query-file=f.sql"], { name: "n", query: "select 'file'" }],
    [["apply-migration", "--file", "a.sql", "--dry-run=false"], { file: "a.sql", dryRun: false }],
    [["execute-sql", "select 1", "--write", "--limit", "5"], { query: "select 1", write: true, limit: 5 }],
    [
      ["create-migration", "add_x", "--template", "table", "--subject", "x"],
      { name: "add_x", template: "table", subject: "x" },
    ],
    [["list-migrations", "--all"], { limit: "all" }],
    [["list-migrations", "--limit", "3", "--cursor", "c"], { limit: 3, cursor: "c" }],
  ])("asks the engine for what it says: %j", async (argv, request) => {
    const engine = fakeEngine();
    await run(argv, engine, { "f.sql": "select 'file'" });
    expect(engine.calls[0]?.request).toEqual(request);
  });

  it.each([
    [["list-migrations", "--all", "--limit", "3"], "arguments_conflict"],
    [["apply-migration", "--query", "x", "--query-file", "f"], "arguments_conflict"],
    [["apply-migration", "--query-file", "none.sql"], "invalid_input"],
    [["list-migrations", "--limit", "0"], "invalid_input"],
    [["create-migration"], "invalid_input"],
    [["apply-migration", "--dry-run=maybe"], "invalid_input"],
  ])("is refused with exit code 2: %j", async (argv, code) => {
    const engine = fakeEngine();
    const outcome = await run([...argv, "--json"], engine);
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.out)).toMatchObject({ error: { code } });
    expect(engine.calls).toEqual([]);
  });
});

describe("the exit code", () => {
  it.each(Object.entries(errorTable))("of the error %s follows its kind", (code, { kind }) => {
    expect(exitCodeOfError(code)).toBe({ failed: 1, usage: 2, unreachable: 3, refused: 4 }[kind]);
  });

  it("of an answer is 0 where it is welcome, 1 where not, 3 where the target was lost on the way", () => {
    expect(exitCodeOfAnswer({ report: {}, isUnwelcome: false })).toBe(0);
    expect(exitCodeOfAnswer({ report: {}, isUnwelcome: true })).toBe(1);
    expect(exitCodeOfAnswer({ report: { failure: { code: "statement_failed" } }, isUnwelcome: true })).toBe(
      1,
    );
    expect(exitCodeOfAnswer({ report: { failure: { code: "outcome_unknown" } }, isUnwelcome: true })).toBe(3);
  });
});

describe("what people see", () => {
  it("of an error stands on stderr, with place, snippet and hint", async () => {
    const engine = fakeEngine({
      executeSql: async () => {
        throw new EngineError("syntax_error", "unexpected selct", {
          line: 1,
          column: 3,
          snippet: "selct\n  ^",
        });
      },
    });
    const { code, out, error } = await run(["execute-sql", "selct"], engine);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    for (const part of ["syntax_error", "line 1, column 3", "  ^", errorTable.syntax_error.hint])
      expect(error).toContain(part);
  });

  it("of rows from a database cannot steer the terminal", () => {
    const text = renderReport({
      summary: "1 row",
      columns: [{ name: "a" }],
      rows: [{ a: "\u001b[2Jx\u202ey\u0007" }],
    });
    expect(text).toMatch(/\?\[2Jx\?y\?/);
    expect(text).not.toContain("\u001b");
  });

  it("of a listing is a table under its names", async () => {
    const { out } = await run(["list-migrations"]);
    expect(out).toMatch(/^version +name +state$/m);
    expect(out).toMatch(/^20260102000000 +second +pending$/m);
  });

  it("of drift says what is so and what to do", () => {
    const text = renderReport({
      summary: "s",
      drift: [{ kind: "edited", version: "1", message: "m", fix: "f" }],
    });
    expect(text).toContain("edited 1: m\n  fix: f");
  });

  it("of a failed step is the failure", () => {
    const failure = { code: "statement_failed", message: "no table", hint: "h", file: "a.sql", line: 2 };
    const text = renderReport({ summary: "s", status: "failed", migrations: [], failure });
    expect(text).toContain("no table");
    expect(text).toContain("file a.sql, line 2");
  });
});

describe("on a screen", () => {
  const report = {
    summary:
      "Three migrations are there, one of them pending, and this sentence is far too long for one line.",
    folder: "db",
    migrations: [
      { version: "20260101000000", name: "first", state: "applied", file: "db/20260101000000_first.sql" },
      {
        version: "20260102000000",
        name: "a".repeat(70),
        state: "pending",
        file: "db/other.sql",
        note: "n ".repeat(50),
      },
    ],
    findings: [{ severity: "error", code: "bad", file: "db/other.sql", message: "m ".repeat(60), hint: "h" }],
    warnings: ["w ".repeat(60)],
    next_steps: [
      'Call apply_migration { version: "20260102000000" } when you have read all of this and agree.',
    ],
  };

  it("no line is longer than the screen is wide, and all that is in the report is said", () => {
    for (const width of [60, 80, 120]) {
      const text = renderReport(report, width);
      expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
      expect(text).toContain("pending");
    }
    expect(
      renderReport(report)
        .split("\n")
        .some((line) => line.length > 120),
    ).toBe(true);
  });

  it("a file is shown where its name does not say what the other columns say", () => {
    const text = renderReport(report);
    expect(text).toContain("db/other.sql");
    expect(text).not.toContain("db/20260101000000_first.sql");
  });

  it("colours change no text, and none of a report without colours has them", () => {
    const text = renderReport(report, 80);
    expect(text).not.toContain("\u001b");
    const painted = paint(text);
    expect(painted).toContain("\u001b[33mpending\u001b[0m");
    expect(painted).toContain("\u001b[33mwarning:\u001b[0m");
    const parts = painted
      .split("\u001b[")
      .map((part, index) => (index === 0 ? part : part.replace(/^\d+m/, "")));
    expect(parts.join("")).toBe(text);
  });
});

describe("help", () => {
  it("fits on a screen of 80 columns", () => {
    const texts = [renderHelp(commands), ...commands.map(renderCommandHelp)];
    expect(texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 80)).toEqual([]);
  });

  it("says of every flag what it is for", () => {
    const bare = commands.flatMap(({ name, flags }) =>
      flags.filter(({ description }) => description === "").map(({ flag }) => `${name} --${flag}`),
    );
    expect(bare).toEqual([]);
  });

  it("names every command and every setting with its variables", () => {
    const text = renderHelp(commands);
    for (const { name } of commands) expect(text).toContain(name);
    for (const { flag, variables } of settings)
      for (const word of [`--${flag}`, ...variables]) expect(text).toContain(word);
  });

  it.each(commands)("of $name names every flag", (command) => {
    const text = renderCommandHelp(command);
    for (const { flag } of command.flags) expect(text).toContain(`--${flag}`);
  });
});

describe("how to connect", () => {
  it("hands the database's address on as a variable, never as text", () => {
    const text = renderConnection({
      kind: "stdio",
      command: "node",
      args: ["/a b/godwit.js"],
      variables: ["DATABASE_URL"],
    });
    expect(text).toContain(`claude mcp add godwit -e DATABASE_URL="$DATABASE_URL" -- node '/a b/godwit.js'`);
    expect(text).toContain('"DATABASE_URL":"${env:DATABASE_URL}"');
  });

  it("is part of the overview, which is no wall of text", async () => {
    const project = await fakeEngine().describeProject({});
    const text = renderOverview(project, {
      kind: "stdio",
      command: "node",
      args: ["godwit.js"],
      variables: [],
    });
    expect(text).toContain("1 applied, 1 pending");
    expect(text.split("\n").length).toBeLessThan(20);
  });

  it("shows the words that a flag takes, and only the flag that turns something off", () => {
    const helpOf = (name: string) =>
      renderCommandHelp(commands.find((command) => command.name === name) ?? expect.fail(name));
    expect(helpOf("apply-migration")).toContain("--rehearse-on target|copy\n");
    expect(helpOf("apply-migration")).not.toMatch(/dry_run|list_migrations/);
    expect(helpOf("detect-drift")).toContain("--no-schema ");
    expect(helpOf("detect-drift")).not.toContain(" --schema");
  });
});
