import { createHmac, randomBytes } from "node:crypto";
import { splitOption } from "./options.ts";
import type { MaybeJson } from "./fact-draft.ts";

const none = {};
const key = randomBytes(32);
const secretName = /pass|secret|key|token|credential|conn|jwt|auth/i;

const mark = "(redacted ";

/** What stands for a secret: alike for alike values within this run of the program, and of no use to anyone else. */
function redactSecret(value: string): string {
  return `${mark}${createHmac("sha256", key).update(value).digest("hex").slice(0, 8)})`;
}

/** True for what stands for a secret: no SQL can be made of it. */
export function isRedacted(value: unknown): boolean {
  return typeof value === "string" && value.startsWith(mark);
}

/** A wrapper's, server's or user mapping's options, one attribute each, with whatever may be a secret redacted. */
export function toForeignOptions(options: readonly string[] | null): Readonly<Record<string, MaybeJson>> {
  if (options === null) return none;
  const entries = options.map(splitOption).map(([name, value]) => {
    return [`fdwOption.${name}`, secretName.test(name) ? redactSecret(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** A setting's value; a custom one may hold a secret, such as `app.settings.jwt_secret`, the server's own hold none. */
export function toSettingValue(name: string, value: string): string {
  return name.includes(".") && secretName.test(name) ? redactSecret(value) : value;
}
