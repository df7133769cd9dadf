import { describe, expect, it } from "vitest";
import { admit, preflightHeaders, type RequestHead } from "../../src/mcp/http-policy.ts";

const token = "t".repeat(43);
const policy = { token, allowedHosts: ["db.example.com"], allowedOrigins: ["https://app.example.com"] };
const good: RequestHead = {
  method: "POST",
  path: "/mcp",
  host: "127.0.0.1:4000",
  origin: undefined,
  authorization: `Bearer ${token}`,
  contentType: "application/json",
};

function statusOf(changed: Partial<RequestHead>): number | string {
  const admission = admit({ ...good, ...changed }, policy);
  return admission.kind === "refuse" ? admission.status : admission.kind;
}

describe("a request", () => {
  it.each([
    {},
    { host: "localhost:1" },
    { host: "[::1]:1" },
    { host: "db.example.com" },
    { authorization: `bearer ${token}` },
  ])("is served: %j", (changed) => {
    expect(statusOf(changed)).toBe("serve");
  });

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
      expect(statusOf({ origin })).toBe("serve");
    },
  );

  it.each([
    undefined,
    "",
    "Bearer",
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Basic ${token}`,
    token,
    `Bearer ${token} x`,
  ])("with the authorization %s is refused", (authorization) => {
    expect(statusOf({ authorization })).toBe(401);
  });

  it.each(["text/plain", undefined, "application/jsonp", "multipart/form-data"])(
    "with a body of type %s is refused",
    (contentType) => {
      expect(statusOf({ contentType })).toBe(415);
    },
  );

  it.each(["/", "/mcp/", "/mcp2", "//mcp", "/health/x"])("for %s finds nothing", (path) => {
    expect(statusOf({ path })).toBe(404);
  });

  it("for the health needs no token, but the right host", () => {
    const health = { method: "GET", path: "/health", authorization: undefined };
    expect(statusOf(health)).toBe("health");
    expect(statusOf({ ...health, host: "evil.example" })).toBe(403);
  });

  it("that asks for permission gets it for an allowed origin only", () => {
    const preflight = { method: "OPTIONS", authorization: undefined, contentType: undefined };
    expect(statusOf({ ...preflight, origin: "https://app.example.com" })).toBe("preflight");
    expect(statusOf({ ...preflight, origin: "https://evil.example" })).toBe(403);
    expect(statusOf(preflight)).toBe(401);
    expect(preflightHeaders("https://app.example.com")["access-control-allow-origin"]).toBe(
      "https://app.example.com",
    );
  });
});
