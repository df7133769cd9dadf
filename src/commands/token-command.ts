import type { CommandSpec, FlagValues } from "../config/command-line.ts";
import { EngineError } from "../engine/index.ts";
import { toErrorAnswer } from "../error-answer.ts";
import { scopes, type Scope } from "../tokens/scope.ts";
import { emptyTokenFile, hasExpired, makeToken, type KeptToken } from "../tokens/token-file.ts";
import { readTokenFile, writeTokenFile } from "../tokens/token-store.ts";
import type { ExitCode } from "./exit-code.ts";
import { inOneLine } from "./render-text.ts";
import { printError, wantsJson, type CommandSurroundings } from "./run-command.ts";

const flags = [
  { flag: "action", form: "value", description: "add, list or revoke" },
  { flag: "id", form: "value", placeholder: "ID", description: "Of the token to revoke, as list shows it." },
  {
    flag: "name",
    form: "value",
    placeholder: "NAME",
    description: "Who gets it; recorded with what it changes.",
  },
  {
    flag: "scope",
    form: "value",
    placeholder: "read|write|admin",
    description: "What they may do. Default: read.",
  },
  {
    flag: "target",
    form: "list",
    placeholder: "LABEL",
    description: "A target of godwit.json that they may reach, once for each. Default: all.",
  },
  {
    flag: "expires",
    form: "value",
    placeholder: "TIME",
    description: "After how long, such as 12h, 30d or 52w. Default: 30d.",
  },
  { flag: "json", form: "switch", description: "Print exactly one JSON document on stdout." },
] as const;

/** What people use to let others call over HTTP; no tool, because a model must never make itself a token. */
export const tokenCommand = {
  name: "token",
  title: "Add, list or revoke bearer tokens for HTTP callers",
  flags,
  positional: "action",
  secondPositional: "id",
} as const satisfies CommandSpec & { readonly title: string };

export interface TokenSurroundings extends Pick<CommandSurroundings, "writeOut" | "writeError"> {
  readonly path: string;
  readonly now: Date;
  /** The labels of the targets that godwit.json names. */
  readonly targets: readonly string[];
}

/** Does what the first word says. A new token is printed once and is nowhere kept. */
export function runTokenCommand(values: FlagValues, surroundings: TokenSurroundings): ExitCode {
  try {
    const answer = run(values, surroundings);
    surroundings.writeOut(
      wantsJson(values) === "json" ? `${JSON.stringify(answer.report)}\n` : `${answer.text}\n`,
    );
    return 0;
  } catch (thrown) {
    return printError(toErrorAnswer(thrown, "token", rethrow), wantsJson(values), surroundings);
  }
}

/** There is no log beside this command: a fault ends the program. */
function rethrow({ error }: { readonly error: unknown }): never {
  throw error;
}

interface TokenAnswer {
  readonly report: object;
  readonly text: string;
}

function run(values: FlagValues, surroundings: TokenSurroundings): TokenAnswer {
  const action = valueOf(values, "action") ?? "list";
  switch (action) {
    case "add":
      return add(values, surroundings);
    case "list":
      return list(surroundings);
    case "revoke":
      return revoke(valueOf(values, "id"), surroundings);
    default:
      throw wrong(`${JSON.stringify(action.slice(0, 40))} is none of add, list and revoke.`);
  }
}

function add(values: FlagValues, { path, now, targets: known }: TokenSurroundings): TokenAnswer {
  if (values.has("id")) throw wrong("Give the name with --name.");
  const scope = readScope(valueOf(values, "scope") ?? "read");
  const lifeMs = readLife(valueOf(values, "expires") ?? "30d");
  const name = readName(valueOf(values, "name") ?? scope);
  const reach = readReach(values.get("target"), known);
  const file = readTokenFile(path) ?? emptyTokenFile();
  const { token, kept } = makeToken({ name, scope, ...reach, now, lifeMs });
  writeTokenFile(path, { ...file, tokens: [...file.tokens, kept] });
  const { id, expires_at } = kept;
  return {
    report: { summary: `Added token ${id}.`, id, name, scope, ...reach, expires_at, token, file: path },
    text: `${token}

Token ${id} for ${name}: ${scope}${describeReach(reach)}, until ${expires_at}. It is shown this once; ${path} keeps its hash.
Callers send it as: Authorization: Bearer <token>. Servers that run take it at once.`,
  };
}

function list({ path, now }: TokenSurroundings): TokenAnswer {
  const kept = readTokenFile(path)?.tokens ?? [];
  const tokens = kept.map(({ sha256: _, ...rest }) => ({ ...rest, expired: hasExpired(rest, now) }));
  const lines = tokens.map(
    ({ id, name, scope, targets, expires_at: until, expired }) =>
      `${id}  ${scope.padEnd(5)}  ${expired ? "expired" : "until  "} ${until}  ${inOneLine(name, 60)}${describeReach({ targets })}`,
  );
  const count = `${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}`;
  return {
    report: { summary: `${count}.`, tokens },
    text: lines.length === 0 ? "No tokens; godwit token add makes one." : lines.join("\n"),
  };
}

function revoke(id: string | undefined, { path }: TokenSurroundings): TokenAnswer {
  const file = readTokenFile(path);
  const kept = file?.tokens.find((token) => token.id === id);
  if (file === undefined || kept === undefined)
    throw wrong("Name the token by an id that godwit token list shows: godwit token revoke <id>.");
  writeTokenFile(path, { ...file, tokens: file.tokens.filter((token) => token !== kept) });
  const summary = `Revoked token ${kept.id} of ${inOneLine(kept.name, 60)}; servers that run refuse it from now on.`;
  return { report: { summary, id: kept.id }, text: summary };
}

function readScope(text: string): Scope {
  const scope = scopes.find((known) => known === text);
  if (scope === undefined) throw wrong(`--scope is none of ${scopes.join(", ")}.`);
  return scope;
}

interface Reach {
  readonly targets?: readonly string[] | undefined;
}

function readReach(
  labels: readonly string[] | undefined,
  known: readonly string[],
): Pick<KeptToken, "targets"> {
  if (labels === undefined) return {};
  const unknown = labels.find((label) => !known.includes(label));
  if (unknown === undefined) return { targets: [...new Set(labels)] };
  const named = known.length === 0 ? "godwit.json names no targets" : `godwit.json names ${known.join(", ")}`;
  throw wrong(`--target ${JSON.stringify(unknown.slice(0, 60))} is no target: ${named}.`);
}

function describeReach({ targets }: Reach): string {
  return targets === undefined ? "" : ` on ${targets.map((label) => inOneLine(label, 60)).join(", ")}`;
}

const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A token nobody remembers must not stay good for ever. */
const longestMs = 366 * 86_400_000;

function readLife(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const lifeMs = Number(number) * (unitsMs[unit] ?? 0);
  if (lifeMs > 0 && lifeMs <= longestMs) return lifeMs;
  throw wrong("--expires is no time of at most a year, such as 12h, 30d or 52w.");
}

function readName(text: string): string {
  if (/^[\x21-\x7e][\x20-\x7e]{0,59}$/.test(text)) return text;
  throw wrong("--name is not 1 to 60 visible ASCII characters.");
}

function valueOf(values: FlagValues, flag: (typeof flags)[number]["flag"]): string | undefined {
  return values.get(flag)?.[0];
}

function wrong(message: string): EngineError {
  return new EngineError("invalid_input", message);
}
