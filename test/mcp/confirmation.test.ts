import { describe, expect, it, onTestFinished } from "vitest";
import { EngineError, type ApplyMigrationReport, type Engine } from "../../src/engine/index.ts";
import { connectInProcess, eras, type CallResult, type Era, type PersonAnswer } from "./connect.ts";
import { fakeEngine, type FakeEngine } from "./fake-engine.ts";

const planId = "1234abcd".repeat(8);

const asking: ApplyMigrationReport = {
  summary: "It drops table public.orders (12,034 rows). Cannot come back: its rows.",
  target: "shop",
  status: "confirmation_required",
  plan_id: planId,
  migrations: [],
  losses: [{ object: "table public.orders", change: "dropped", rows: 12_034, cannot_come_back: "its rows" }],
};

/** Asks until the plan is approved, as the engine does. */
function askingEngine(): FakeEngine {
  return fakeEngine({
    applyMigration: async (request, context) => {
      const isApproved =
        context.approvedPlan === planId || (context.canAskPerson !== true && request.confirm === planId);
      return isApproved ? { ...asking, status: "applied", summary: "Applied 1 migration." } : asking;
    },
  });
}

async function connect(era: Era, engine: Engine, person?: PersonAnswer) {
  const connected = await connectInProcess(era, engine, person);
  onTestFinished(connected.close);
  return connected;
}

function codeOf(result: CallResult): unknown {
  const { error } = result.structuredContent as { readonly error?: { readonly code: string } };
  return error?.code;
}

describe.each(eras)("a client of %s", (era) => {
  it("that cannot ask gets the plan id to repeat the call with", async () => {
    const connected = await connect(era, askingEngine());
    const first = await connected.call("apply_migration", {});
    expect(first.isError ?? false).toBe(false);
    expect(first.structuredContent).toMatchObject({ status: "confirmation_required", plan_id: planId });
    const second = await connected.call("apply_migration", { confirm: planId });
    expect(second.structuredContent).toMatchObject({ status: "applied" });
  });

  it("that can ask shows its person objects, rows and what cannot come back, and applies on a yes", async () => {
    const asked: string[] = [];
    const engine = askingEngine();
    const connected = await connect(era, engine, (message) => {
      asked.push(message);
      return "accept";
    });
    const result = await connected.call("apply_migration", { version: "20260101000000" });
    expect(result.structuredContent).toMatchObject({ status: "applied" });
    expect(asked).toHaveLength(1);
    for (const part of ["public.orders", "12,034 rows", "Cannot come back", "shop"])
      expect(asked[0]).toContain(part);
    expect(engine.calls.map(({ context }) => context.approvedPlan)).toEqual([undefined, planId]);
    expect(engine.calls[1]?.request).toEqual(engine.calls[0]?.request);
  });

  it.each([
    [{ typed: "production" }, "applied"],
    [{ typed: "staging" }, "not_confirmed"],
    ["accept", "not_confirmed"],
  ] as const)("whose person answers %j when production is changed is told %s", async (answer, end) => {
    const engine = fakeEngine({
      applyMigration: async (_, { approvedPlan }) =>
        approvedPlan === planId
          ? { ...asking, status: "applied" }
          : { ...asking, ...{ confirm_target: "production" } },
    });
    const connected = await connect(era, engine, () => answer);
    const result = await connected.call("apply_migration", { target: "production" }).catch(String);
    const told = typeof result === "string" ? result : result.structuredContent;
    // The older SDK holds answers against the form by itself.
    if (typeof told === "object") expect(JSON.stringify(told)).toContain(`"${end}"`);
    else expect(end).toBe("not_confirmed");
    expect(engine.calls[0]?.context.target).toBe("production");
    expect(engine.calls).toHaveLength(end === "applied" ? 2 : 1);
  });

  it.each(["decline", "cancel"] as const)(
    "whose person answers %s changes nothing and says so",
    async (action) => {
      const engine = askingEngine();
      const connected = await connect(era, engine, () => action);
      const result = await connected.call("apply_migration", {});
      expect(result.isError).toBe(true);
      expect(codeOf(result)).toBe("not_confirmed");
      expect(engine.calls).toHaveLength(1);
    },
  );

  it("that can ask is asked although it passes the plan id itself", async () => {
    const asked: string[] = [];
    const connected = await connect(era, askingEngine(), (message) => {
      asked.push(message);
      return "accept";
    });
    await connected.call("apply_migration", { confirm: planId });
    expect(asked).toHaveLength(1);
  });

  it("is told when the plan is another after the person's yes", async () => {
    const engine = fakeEngine({
      applyMigration: async (_request, { approvedPlan }) => {
        if (approvedPlan !== undefined) throw new EngineError("plan_is_stale", "The history has changed.");
        return asking;
      },
    });
    const connected = await connect(era, engine, () => "accept");
    expect(codeOf(await connected.call("apply_migration", {}))).toBe("plan_is_stale");
  });
});
