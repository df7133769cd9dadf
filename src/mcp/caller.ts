import type { AuthInfo, ScopeChallengeHandler, ServerContext } from "@modelcontextprotocol/server";
import { EngineError } from "../engine/index.ts";
import { allows, scopes, type Scope } from "../tokens/scope.ts";
import type { Tool } from "../tools/index.ts";
import type { Principal } from "./authenticate.ts";

/** A caller over HTTP, as every tool call can read it; over stdio there is none, and everything is allowed. */
export interface Caller {
  readonly principal: Principal;
  /** Hears which tool is called, for the access log. */
  readonly heard: (tool: string) => void;
}

/** What the SDK hands through to a tool call; the token itself is not in it. */
export function toAuthInfo(caller: Caller, resourceMetadataUrl: string | undefined): AuthInfo {
  const { id, scope, expiresAt } = caller.principal;
  return {
    token: "",
    clientId: id,
    scopes: scopes.filter((one) => allows(scope, one)),
    expiresAt: Math.floor(expiresAt / 1000),
    extra: { caller },
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
  };
}

/** Undefined over stdio. */
export function callerOf(ctx: ServerContext): Caller | undefined {
  return readCaller(ctx.http?.authInfo);
}

function readCaller(authInfo: AuthInfo | undefined): Caller | undefined {
  // Written by toAuthInfo alone: the SDK hands it through as it is.
  return authInfo?.extra?.["caller"] as Caller | undefined;
}

/** Tools that add to files and schema, step by step. */
const writers: readonly string[] = ["create_migration", "apply_migration"];

/** The scope that a call needs: reading tools `read`, changes `write`; whatever else is not known to only read, `admin`. */
export function scopeOfCall({ name, annotations }: Tool, args: unknown): Scope {
  if (name === "execute_sql") return asksToWrite(args) ? "write" : "read";
  if (annotations.readOnlyHint) return "read";
  return writers.includes(name) ? "write" : "admin";
}

function asksToWrite(args: unknown): boolean {
  return (
    typeof args === "object" &&
    args !== null &&
    "write" in args &&
    args.write !== false &&
    args.write !== null
  );
}

/** Throws `scope_required` where the caller may not make this call. */
export function assertScope(caller: Caller | undefined, tool: Tool, args: unknown): void {
  const needed = scopeOfCall(tool, args);
  if (caller === undefined || allows(caller.principal.scope, needed)) return;
  const { scope } = caller.principal;
  throw new EngineError(
    "scope_required",
    `${tool.name} needs the scope ${needed}; this caller has ${scope}.`,
  );
}

/** Asks a caller of OAuth to come back with the scope that this call needs, as RFC 6750 says. */
export function scopeChallenge(tool: Tool): ScopeChallengeHandler {
  return ({ request, authInfo }) => {
    const principal = readCaller(authInfo)?.principal;
    const params: unknown = request.params;
    const args =
      typeof params === "object" && params !== null && "arguments" in params ? params.arguments : {};
    const needed = scopeOfCall(tool, args);
    if (principal?.canStepUp !== true || allows(principal.scope, needed)) return undefined;
    return { scopes: [needed], errorDescription: `${tool.name} needs the scope ${needed}` };
  };
}
