import { monitorEventLoopDelay } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { checkAside } from "../../../src/engine/rules/check-aside.ts";

describe("long SQL", () => {
  it("is judged on another thread: 50,000 statements never hold the caller up for long", async () => {
    const sql =
      "insert into app.t (id, body) values (1, 'a text that takes some room in the file');\n".repeat(49_999);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const { statements, findings } = await checkAside({
      migrations: [{ fileName: "1_a.sql", sql: `${sql}drop table app.t;` }],
    });
    delay.disable();
    expect(statements).toBe(50_000);
    expect(findings).toMatchObject([{ id: "D01", statement: 50_000 }, { id: "L15" }]);
    // What is measured is 20 ms; a loaded machine gets ten times that before it is a fault of ours.
    expect(delay.max / 1e6).toBeLessThan(1_000);
  });

  it("answers what is too long as unreadable, with the limit", async () => {
    const { unreadable } = await checkAside({
      migrations: [{ fileName: "1_a.sql", sql: "select 1;".repeat(50_001) }],
    });
    expect(unreadable).toMatchObject([{ why: { kind: "too_large", measure: "statements", limit: 50_000 } }]);
  });
});
