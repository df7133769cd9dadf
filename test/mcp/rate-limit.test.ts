import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../src/mcp/rate-limit.ts";

describe("a rate limit", () => {
  it("lets a burst through, then as many as time allows, for each key by itself", () => {
    let clock = 0;
    const limit = createRateLimit({ perMinute: 60, burst: 2, now: () => clock });
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1000]);
    expect(limit.take("b")).toBe(0);
    clock = 999;
    expect(limit.take("a")).toBeGreaterThan(0);
    clock = 1000;
    expect(limit.take("a")).toBe(0);
    clock = 60_000;
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1000]);
  });

  it("of zero is none", () => {
    const limit = createRateLimit({ perMinute: 0, burst: 0, now: () => 0 });
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 0]);
  });
});
