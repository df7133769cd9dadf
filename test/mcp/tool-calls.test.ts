import { afterEach, describe, expect, it } from "vitest";
import { EngineError, type Engine } from "../../src/engine/index.ts";
import { DatabaseError } from "../../src/engine/errors.ts";
import { connectInProcess, eras, type CallResult, type Connected, type Era } from "./connect.ts";
import { fakeEngine } from "./fake-engine.ts";

const calls: readonly (readonly [string, object])[] = [
  ["list_migrations", {}],
  ["detect_drift", {}],
  ["create_migration", { name: "third", query: "select 1" }],
  ["apply_migration", {}],
  ["execute_sql", { query: "select 1" }],
];

let open: Connected[] = [];
afterEach(async () => {
  for (const connected of open) await connected.close();
  open = [];
});

async function connect(era: Era, engine: Engine): Promise<Connected> {
  const connected = await connectInProcess(era, engine);
  open.push(connected);
  return connected;
}

function textOf(result: CallResult): unknown {
  const [first]: readonly unknown[] = Array.isArray(result.content) ? result.content : [];
  return typeof first === "object" && first !== null && "text" in first ? first.text : undefined;
}

function errorOf(result: CallResult): Readonly<Record<string, unknown>> {
  expect(result.isError).toBe(true);
  expect(result.structuredContent).toHaveProperty("error");
  const { error } = result.structuredContent as { readonly error: Readonly<Record<string, unknown>> };
  return error;
}

describe.each(eras)("a client of %s", (era) => {
  it.each(calls)("gets from %s a text that is exactly its structured content", async (name, args) => {
    const connected = await connect(era, fakeEngine());
    await connected.listTools();
    const result = await connected.call(name, args);
    expect(result.isError ?? false).toBe(false);
    expect(textOf(result)).toBe(JSON.stringify(result.structuredContent));
    expect(result.structuredContent).toHaveProperty("summary");
  });

  it.each(calls)(
    "gets an error of %s as structured content with code, message and hint, also after listing tools",
    async (name, args) => {
      const fail = async (): Promise<never> => {
        throw new EngineError("statement_failed", "column x does not exist", {
          sqlstate: "42703",
          line: 3,
          databaseHint: "y?",
        });
      };
      const connected = await connect(
        era,
        fakeEngine({
          listMigrations: fail,
          detectDrift: fail,
          createMigration: fail,
          applyMigration: fail,
          executeSql: fail,
        }),
      );
      await connected.listTools();
      const result = await connected.call(name, args);
      expect(errorOf(result)).toMatchObject({
        code: "statement_failed",
        message: "column x does not exist",
        sqlstate: "42703",
        line: 3,
        database_hint: "y?",
      });
      expect(errorOf(result)["hint"]).not.toBe("");
      expect(textOf(result)).toBe(JSON.stringify(result.structuredContent));
    },
  );

  it("is told a fault's id and nothing else, while the log gets the error", async () => {
    const error = new DatabaseError({ sqlstate: "XX000", message: "secret row text" }, false);
    const connected = await connect(era, fakeEngine({ listMigrations: () => Promise.reject(error) }));
    const result = await connected.call("list_migrations", {});
    expect(errorOf(result)).toMatchObject({ code: "internal_error" });
    expect(JSON.stringify(result)).not.toContain("secret row text");
    expect(connected.faults).toEqual([{ id: errorOf(result)["id"], during: "list_migrations", error }]);
  });

  it("is told which argument is unknown and what it meant", async () => {
    const engine = fakeEngine();
    const connected = await connect(era, engine);
    const result = await connected.call("apply_migration", { dryRun: true, sql: "select 1" });
    expect(errorOf(result)["code"]).toBe("invalid_input");
    expect(errorOf(result)["message"]).toContain('"dryRun"; did you mean dry_run?');
    expect(errorOf(result)["message"]).toContain('"sql"');
    expect(engine.calls).toEqual([]);
  });

  it("is told every argument that is wrong", async () => {
    const connected = await connect(era, fakeEngine());
    const result = await connected.call("execute_sql", { limit: 0, write: "yes" });
    expect(errorOf(result)["message"]).toMatch(/query.*/);
    expect(errorOf(result)["message"]).toMatch(/limit/);
    expect(errorOf(result)["message"]).toMatch(/write/);
  });

  it("may send null for an argument that it does not use", async () => {
    const engine = fakeEngine();
    const connected = await connect(era, engine);
    await connected.call("apply_migration", { name: "x", query: "select 1", version: null, file: null });
    expect(engine.calls[0]?.request).toEqual({ name: "x", query: "select 1" });
  });

  it("passes project_id on as the project that it means", async () => {
    const engine = fakeEngine();
    const connected = await connect(era, engine);
    await connected.call("list_migrations", { project_id: "abc" });
    expect(engine.calls[0]?.context.projectId).toBe("abc");
    expect(engine.calls[0]?.request).toEqual({});
  });

  it("is named in the history as it names itself", async () => {
    const engine = fakeEngine();
    const connected = await connect(era, engine);
    await connected.call("apply_migration", {});
    expect(engine.calls[0]?.context.appliedBy).toBe(`probe ${era.slice(2)}`);
  });

  it("hears progress that only increases, where it asked for it", async () => {
    const engine = fakeEngine({
      applyMigration: async (_request, context) => {
        for (const attempt of [1, 2, 3])
          context.observe?.({ kind: "lock_waiting", attempt, waitedMs: attempt * 1000 });
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new EngineError("lock_not_available", "held by pid 7");
      },
    });
    const connected = await connect(era, engine);
    const heard: number[] = [];
    await connected.call("apply_migration", {}, { onProgress: ({ progress }) => heard.push(progress) });
    expect(heard).toEqual([1, 2, 3]);
    await connected.call("apply_migration", {});
    expect(engine.calls[1]?.context.observe).toBeUndefined();
  });

  it("cancels the engine's work by giving up", async () => {
    let hasBegun: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const aborted = new Promise<void>((resolve) => {
      const engine = fakeEngine({
        executeSql: (_request, context) =>
          new Promise((_resolve, reject) => {
            context.signal?.addEventListener("abort", () => {
              resolve();
              reject(new EngineError("cancelled", "cancelled"));
            });
            hasBegun();
          }),
      });
      const gone = new AbortController();
      void begun.then(() => gone.abort());
      void connect(era, engine).then((connected) =>
        connected
          .call("execute_sql", { query: "select pg_sleep(9)" }, { signal: gone.signal })
          .catch(() => undefined),
      );
    });
    await aborted;
  });

  it("gets an unknown tool refused by the protocol", async () => {
    const connected = await connect(era, fakeEngine());
    await expect(connected.call("drop_everything", {})).rejects.toThrow(/not found/);
  });

  it("is told how to work with the server", async () => {
    const connected = await connect(era, fakeEngine());
    expect(connected.instructions()).toContain("list_migrations");
  });
});

describe("an error answer", () => {
  it("stays small however long the database's text is", async () => {
    const engine = fakeEngine({
      executeSql: async () => {
        throw new EngineError("statement_failed", "x".repeat(50_000), {
          detail: "y".repeat(50_000),
          snippet: "z".repeat(50_000),
        });
      },
    });
    const connected = await connect("2026", engine);
    const result = await connected.call("execute_sql", { query: "select 1" });
    expect(String(textOf(result)).length).toBeLessThan(8000);
  });
});
