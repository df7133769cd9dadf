import { describe, expect, it } from "vitest";
import { tools, type Tool } from "../../../src/tools/index.ts";
import { fakeEngine } from "../../mcp/fake-engine.ts";

const goodArguments: Readonly<Record<string, object>> = {
  create_migration: { name: "third" },
  execute_sql: { query: "select 1" },
};

function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
}

describe.each(tools)("the tool $name", (tool) => {
  it("answers a report that fits its output schema", async () => {
    const { report } = await tool.run(fakeEngine(), goodArguments[tool.name] ?? {}, {});
    expect(tool.output.safeParse(report).error).toBeUndefined();
  });

  it("asks the engine once", async () => {
    const engine = fakeEngine();
    await tool.run(engine, goodArguments[tool.name] ?? {}, {});
    expect(engine.calls).toHaveLength(1);
  });

  it.each([[[]], ["text"], [7], [null]])("refuses arguments that are no object: %j", async (args) => {
    await expect(tool.run(fakeEngine(), args, {})).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("apply_migration", () => {
  it("hands on every argument under the engine's names", async () => {
    const engine = fakeEngine();
    const args = { name: "n", query: "q", version: "20260101000000", file: "f", dry_run: true, confirm: "c" };
    await toolNamed("apply_migration").run(engine, args, {});
    expect(engine.calls[0]?.request).toEqual({
      name: "n",
      query: "q",
      version: "20260101000000",
      file: "f",
      dryRun: true,
      confirm: "c",
    });
  });

  it.each([
    ["failed", true],
    ["in_doubt", true],
    ["applied", false],
    ["nothing_to_apply", false],
  ] as const)("calls the status %s unwelcome: %s", async (status, isUnwelcome) => {
    const engine = fakeEngine({
      applyMigration: async () => ({ summary: "", target: "", status, migrations: [] }),
    });
    expect((await toolNamed("apply_migration").run(engine, {}, {})).isUnwelcome).toBe(isUnwelcome);
  });
});

describe("list_migrations", () => {
  it("gives every row to a command that asks for all, and never to an agent", async () => {
    const engine = fakeEngine();
    await toolNamed("list_migrations").runCommand(engine, { limit: "all" }, {});
    expect(engine.calls[0]?.request).toEqual({ limit: "all" });
    await expect(toolNamed("list_migrations").run(engine, { limit: "all" }, {})).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it("is unwelcome where one finding is an error", async () => {
    const finding = { code: "nul_byte", severity: "error", message: "", hint: "" } as const;
    const engine = fakeEngine({
      listMigrations: async () => ({
        summary: "",
        target: "",
        folder: "",
        counts: {},
        migrations: [],
        findings: [finding],
      }),
    });
    expect((await toolNamed("list_migrations").run(engine, {}, {})).isUnwelcome).toBe(true);
  });
});

describe("detect_drift", () => {
  it("is unwelcome where there is drift", async () => {
    const engine = fakeEngine({
      detectDrift: async () => ({
        summary: "",
        target: "",
        has_drift: true,
        layers: ["history"],
        counts: {},
        drift: [],
        findings: [],
      }),
    });
    expect((await toolNamed("detect_drift").run(engine, {}, {})).isUnwelcome).toBe(true);
  });
});
