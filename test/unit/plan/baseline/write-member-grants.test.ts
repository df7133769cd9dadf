import { describe, expect, it } from "vitest";
import {
  factKey,
  type Change,
  type Fact,
  type Grantee,
  type Json,
} from "../../../../src/engine/model/catalog.ts";
import {
  findMemberGrants,
  writeMemberGrants,
} from "../../../../src/engine/plan/baseline/write-member-grants.ts";
import { fact } from "../schema-change/catalog-builder.ts";

const extension = factKey({ kind: "extension", name: "pg_trgm" });

function grant(
  target: string,
  grantee: string,
  { name = "EXECUTE", ...attributes }: Readonly<Record<string, Json>> = {},
): Fact {
  const to: Grantee = grantee === "public" ? { kind: "everyone" } : { kind: "role", name: grantee };
  const on = factKey({ kind: "function", schema: "extensions", name: target });
  return fact(
    { kind: "grant", name: String(name), on, grantee: to },
    { parent: extension, provenance: "extension:pg_trgm", attributes: { target, ...attributes } },
  );
}

describe("grants on parts of extensions in a baseline", () => {
  it("stand in one statement where the same roles get the same", () => {
    const grants = ["routine e.b(text)", "routine e.a(text)"].flatMap((target) => [
      grant(target, "authenticated"),
      grant(target, "anon"),
    ]);
    expect(writeMemberGrants(grants)).toEqual([
      'grant execute on routine\n  e.a(text),\n  e.b(text)\nto "anon", "authenticated"',
    ]);
  });

  it("say columns, options, what was taken away, and names of several words", () => {
    expect(
      writeMemberGrants([
        grant("table cron.job", "anon", { name: "SELECT", column: "jobname" }),
        grant("foreign data wrapper w", "app", { name: "USAGE", grantable: true }),
        grant("routine e.a(text)", "public", { revoked: true }),
      ]),
    ).toEqual([
      'grant select ("jobname") on table cron.job to "anon"',
      'grant usage on foreign data wrapper w to "app" with grant option',
      "revoke execute on routine e.a(text) from public",
    ]);
  });

  it("are what was added, to roles of the project: not what the platform gives its own, nor what is no part of an extension", () => {
    const added = (own: Fact): Change => ({ kind: "added", key: own.key, fact: own });
    const wanted = grant("routine e.a(text)", "anon");
    const taken = grant("routine e.b(text)", "anon");
    const gone: Change = { kind: "removed", key: taken.key, fact: taken };
    const platforms = grant("routine e.a(text)", "supabase_admin");
    const users = { ...grant("routine e.c(text)", "anon"), provenance: "user" } as const;
    expect(findMemberGrants([added(wanted), gone, added(platforms), added(users)])).toEqual([wanted]);
  });
});
