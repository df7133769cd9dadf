import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { EngineError } from "../engine/index.ts";
import { scopes, type Scope } from "./scope.ts";

/** A token as it is kept: what it may do and a hash, never itself. */
export interface KeptToken {
  readonly id: string;
  /** Who has it; recorded with what it changes. */
  readonly name: string;
  readonly scope: Scope;
  /** Labels of the only targets that it is for; all where absent. */
  readonly targets?: readonly string[];
  /** SHA-256 of the whole token, in hexadecimal. 256 random bits need no slow hash. */
  readonly sha256: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly expires_at: string;
}

/** The file of tokens. */
export interface TokenFile {
  readonly version: 1;
  /** Signs what travels with a question to a person; the same for every server that reads this file. */
  readonly state_key: string;
  readonly tokens: readonly KeptToken[];
}

/** Made when it is needed: most starts need none. */
const fileShape = () =>
  z.object({
    version: z.literal(1),
    state_key: z.string().min(43),
    tokens: z.array(
      z.object({
        id: z.string().regex(/^[0-9a-f]{8}$/),
        name: z.string().min(1),
        scope: z.enum(scopes),
        targets: z.array(z.string().min(1)).min(1).exactOptional(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        created_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
      }),
    ),
  });

/** A file without tokens. */
export function emptyTokenFile(): TokenFile {
  return { version: 1, state_key: randomBytes(32).toString("base64url"), tokens: [] };
}

/** Throws `invalid_settings` where the text is no such file; a file that cannot be read lets nobody in. */
export function parseTokenFile(text: string, path: string): TokenFile {
  try {
    return fileShape().parse(JSON.parse(text));
  } catch {
    throw new EngineError("invalid_settings", `${path} is not a file of tokens.`, {
      hint: "Put it back from a copy, or delete it and add new tokens with godwit token add.",
    });
  }
}

export interface NewToken {
  readonly name: string;
  readonly scope: Scope;
  readonly targets?: readonly string[];
  readonly now: Date;
  readonly lifeMs: number;
}

/** A new token and how it is kept. It is not known to anybody afterwards but to who is told now. */
export function makeToken({ name, scope, targets, now, lifeMs }: NewToken): {
  readonly token: string;
  readonly kept: KeptToken;
} {
  const id = randomBytes(4).toString("hex");
  const token = `gdw_${id}_${randomBytes(32).toString("base64url")}`;
  const kept = {
    id,
    name,
    scope,
    ...(targets === undefined ? {} : { targets }),
    sha256: hash(token).toString("hex"),
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + lifeMs).toISOString(),
  };
  return { token, kept };
}

/** The id in a text of a token's form; it is public and proves nothing. */
export function idOf(token: string): string | undefined {
  return /^gdw_([0-9a-f]{8})_[\w-]{43}$/.exec(token)?.[1];
}

/** The kept token that the text proves to be, unless it has expired. Takes the same time for every wrong text. */
export function findToken({ tokens }: TokenFile, text: string, now: Date): KeptToken | undefined {
  const id = idOf(text);
  const kept = tokens.find((candidate) => candidate.id === id);
  const isRight = timingSafeEqual(hash(text), Buffer.from(kept?.sha256 ?? noHash, "hex"));
  return isRight && kept !== undefined && !hasExpired(kept, now) ? kept : undefined;
}

const noHash = "0".repeat(64);

/** True from the moment that was set when it was made. */
export function hasExpired({ expires_at: expiresAt }: Pick<KeptToken, "expires_at">, now: Date): boolean {
  return Date.parse(expiresAt) <= now.getTime();
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
