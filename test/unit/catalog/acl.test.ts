import { expect, test } from "vitest";
import { parseAcl, readAccess } from "../../../src/engine/catalog/acl.ts";

const serverVersion = 170_000;

test("an entry gives each privilege its name and says which may be passed on", () => {
  expect(parseAcl(["anon=ar*w/postgres"])).toEqual([
    { grantee: { kind: "role", name: "anon" }, privilege: "INSERT", grantable: false },
    { grantee: { kind: "role", name: "anon" }, privilege: "SELECT", grantable: true },
    { grantee: { kind: "role", name: "anon" }, privilege: "UPDATE", grantable: false },
  ]);
});

test("an entry without a name is everyone's, and a role called public is not everyone", () => {
  const [everyone, role] = parseAcl(["=U/postgres", "public=U/postgres"]);
  expect(everyone?.grantee).toEqual({ kind: "everyone" });
  expect(role?.grantee).toEqual({ kind: "role", name: "public" });
});

test("quoted role names keep their quotes, equal signs and slashes", () => {
  expect(parseAcl(['"a ""b""=/c"=X/"x=y"'])).toEqual([
    { grantee: { kind: "role", name: 'a "b"=/c' }, privilege: "EXECUTE", grantable: false },
  ]);
});

test("what is no entry is refused", () => {
  expect(() => parseAcl(["anon"])).toThrow("anon");
});

test("without a list a function is everyone's to execute and a table nobody's", () => {
  expect(readAccess({ serverVersion, kind: "function", owner: "o", acl: null }).granted).toEqual([
    { grantee: { kind: "everyone" }, privilege: "EXECUTE", grantable: false },
  ]);
  expect(readAccess({ serverVersion, kind: "table", owner: "o", acl: null }).granted).toEqual([]);
});

test("the owner's own privileges are no grants, and what the owner gave up is told", () => {
  const access = readAccess({ serverVersion, kind: "sequence", owner: "o", acl: ["o=rU/o", "p=r/o"] });
  expect(access.granted).toEqual([
    { grantee: { kind: "role", name: "p" }, privilege: "SELECT", grantable: false },
  ]);
  expect(access.ownerLacks).toEqual(["UPDATE"]);
});

test("an owner lacks MAINTAIN only where the server knows it", () => {
  const ofVersion = (version: number) =>
    readAccess({ serverVersion: version, kind: "table", owner: "o", acl: ["o=arwdDxt/o"] }).ownerLacks;
  expect(ofVersion(160_000)).toEqual([]);
  expect(ofVersion(170_000)).toEqual(["MAINTAIN"]);
});

test("one privilege from two grantors counts once, and may be passed on where either let it", () => {
  const { granted } = readAccess({ serverVersion, kind: "table", owner: "o", acl: ["p=r/o", "p=r*/q"] });
  expect(granted).toEqual([{ grantee: { kind: "role", name: "p" }, privilege: "SELECT", grantable: true }]);
});
