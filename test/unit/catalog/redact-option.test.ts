import { expect, test } from "vitest";
import { isRedacted, toForeignOptions, toSettingValue } from "../../../src/engine/catalog/redact-option.ts";

test("what may be a secret is redacted, alike for alike values and otherwise not", () => {
  const { "fdwOption.password": one } = toForeignOptions(["password=a=b"]);
  const { "fdwOption.password": same } = toForeignOptions(["password=a=b"]);
  const { "fdwOption.password": other } = toForeignOptions(["password=a"]);
  expect(isRedacted(one)).toBe(true);
  expect(one).not.toContain("a=b");
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

test("other options keep their values, equal signs included", () => {
  expect(toForeignOptions(["host=db", "options=-c a=b"])).toEqual({
    "fdwOption.host": "db",
    "fdwOption.options": "-c a=b",
  });
});

test("a custom setting's secret is redacted, the server's own settings are not", () => {
  expect(isRedacted(toSettingValue("app.settings.jwt_secret", "s"))).toBe(true);
  expect(toSettingValue("app.settings.limit", "5")).toBe("5");
  expect(toSettingValue("password_encryption", "scram-sha-256")).toBe("scram-sha-256");
});
