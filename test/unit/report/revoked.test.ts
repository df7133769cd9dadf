import { expect, test } from "vitest";
import { databaseKey } from "../../../src/engine/model/catalog.ts";
import { createFence } from "../../../src/engine/report/fence.ts";
import { describeSchemaChange } from "../../../src/engine/report/describe-sight.ts";
import { fact } from "../plan/schema-change/catalog-builder.ts";

const connect = fact(
  { kind: "grant", name: "CONNECT", on: databaseKey, grantee: { kind: "everyone" } },
  { attributes: { target: "database", revoked: true } },
);
const other = fact(
  { kind: "grant", name: "CREATE", on: databaseKey, grantee: { kind: "everyone" } },
  { attributes: { target: "database" } },
);

test("a usual privilege that was taken away is not told as if it were given", () => {
  const describe = (added: typeof connect) =>
    describeSchemaChange({ kind: "added", key: added.key, fact: added }, new Set(), createFence("x"));
  expect(describe(connect)).toBe("added: revoked: grant CONNECT on database to public");
  expect(describe(other)).toBe("added: grant CREATE on database to public");
});
