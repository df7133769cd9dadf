import { describe, expect, it } from "vitest";
import { admit, preflightHeaders, type RequestHead } from "../../src/mcp/http-policy.ts";

const policy = { allowedHosts: ["db.example.com"], allowedOrigins: ["https://app.example.com"] };
const good: RequestHead = {
  method: "POST",
  path: "/mcp",
  host: "127.0.0.1:4000",
  origin: undefined,
};

function statusOf(changed: Partial<RequestHead>): number | string {
  const admission = admit({ ...good, ...changed }, policy);
  return admission.kind === "refuse" ? admission.status : admission.kind;
}

describe("a request", () => {
  it.each([{}, { host: "localhost:1" }, { host: "[::1]:1" }, { host: "db.example.com" }])(
    "is served: %j",
    (changed) => {
      expect(statusOf(changed)).toBe("authenticate");
    },
  );

  it.each(["evil.example", "127.0.0.1.evil.example", "db.example.com.evil", "", undefined])(
    "to the host %s is refused",
    (host) => {
      expect(statusOf({ host })).toBe(403);
    },
  );

  it.each([
    "https://evil.example",
    "null",
    "https://app.example.com.evil",
    "http://app.example.com",
    "file://",
  ])("from a page of %s is refused, also with the token", (origin) => {
    expect(statusOf({ origin })).toBe(403);
  });

  it.each(["https://app.example.com", "http://localhost:6274", "http://127.0.0.1"])(
    "from a page of %s is served",
    (origin) => {
      expect(statusOf({ origin })).toBe("authenticate");
    },
  );

  it.each(["/", "/mcp/", "/mcp2", "//mcp", "/health/x"])("for %s finds nothing", (path) => {
    expect(statusOf({ path })).toBe(404);
  });

  it("for the health needs no token, but the right host", () => {
    const health = { method: "GET", path: "/healthz" };
    expect(statusOf(health)).toBe("health");
    expect(statusOf({ ...health, host: "evil.example" })).toBe(403);
  });

  it("that asks for permission gets it for an allowed origin only", () => {
    const preflight = { method: "OPTIONS" };
    expect(statusOf({ ...preflight, origin: "https://app.example.com" })).toBe("preflight");
    expect(statusOf({ ...preflight, origin: "https://evil.example" })).toBe(403);
    expect(statusOf(preflight)).toBe("authenticate");
    expect(preflightHeaders("https://app.example.com")["access-control-allow-origin"]).toBe(
      "https://app.example.com",
    );
  });
});
