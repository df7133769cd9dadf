import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { cleanEnv, program, runProgram, temporaryProject } from "./program.ts";

/** util-linux's `script` gives a program a terminal of its own. */
const asked = spawnSync("script", ["--version"], { encoding: "utf8" });
const hasScript = asked.error === undefined && asked.stdout.includes("util-linux");

const question = "Go ahead? [y/N] ";

interface Shown {
  readonly code: number | null;
  readonly screen: string;
}

/** Runs the program on a terminal and types `answer` when it asks. */
async function onTerminal(args: readonly string[], folder: string, answer: string): Promise<Shown> {
  const line = [process.execPath, program, ...args].map((each) => `'${each}'`).join(" ");
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: folder,
    env: cleanEnv({ TERM: "dumb" }),
  });
  let screen = "";
  let hasAnswered = false;
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString("utf8");
    if (hasAnswered || !screen.includes(question)) return;
    hasAnswered = true;
    child.stdin.write(answer);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, screen };
}

describe.skipIf(!hasScript)("a person at a terminal", () => {
  test("is asked before something is lost, and only y goes ahead", { timeout: 300_000 }, async () => {
    using project = temporaryProject();
    const { folder } = project;
    const fill = "create table notes (id int primary key); insert into notes values (1), (2);";
    await runProgram(["apply-migration", "--name", "add_notes", "--query", fill], { folder });
    const drop = ["apply-migration", "--name", "drop_notes", "--query", "drop table notes;"];
    for (const answer of ["\r", "\u0004"]) {
      const { code, screen } = await onTerminal(drop, folder, answer);
      // The table is still there, with its rows, each time that the question is put.
      expect(screen).toMatch(/public\.notes.*2 rows/s);
      expect(screen).toContain("Not confirmed. Nothing more was changed.");
      expect(code).toBe(4);
    }
    const { code, screen } = await onTerminal(drop, folder, "y\r");
    expect(screen).toContain(question);
    expect(code).toBe(0);
  });
});
