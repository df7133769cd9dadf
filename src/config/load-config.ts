import { parseCommandLine, type FlagValues } from "./command-line.ts";
import { chooseTarget } from "./choose-target.ts";
import { redactTarget, redactUrl } from "./describe-target.ts";
import type { ProgramSettings } from "../engine/index.ts";
import { toAbsolute } from "./paths.ts";
import { projectApi } from "./project-api.ts";
import { readSettings, type ReadSettings, type SettingSources } from "./read-settings.ts";
import type { Surroundings } from "./surroundings.ts";
import { tokenPath } from "../tokens/token-path.ts";
import { settings, type LogLevel, type SettingValues } from "./settings.ts";

/** How to serve HTTP. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Absent where a new one is to be made, unless there is another way in. */
  readonly token?: string;
  /** Where the project's tokens are kept, if there are any. */
  readonly tokenPath: string;
  readonly oauth?: OAuthConfig;
  readonly requestsPerMinute: number;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/** Whose access tokens are taken, and for which address they must be meant. */
export interface OAuthConfig {
  readonly issuer: string;
  readonly jwksUrl?: string;
  readonly publicUrl: string;
}

/** What to do: nothing said (stdio or, on a terminal, the overview), HTTP, or one command. */
export type Entry =
  | { readonly kind: "unsaid" }
  | { readonly kind: "http"; readonly http: HttpConfig }
  | { readonly kind: "command"; readonly name: string; readonly args: FlagValues };

/** Settings that are complete and right. */
export interface Config {
  readonly kind: "config";
  readonly entry: Entry;
  readonly engine: Omit<ProgramSettings, "observe">;
  readonly logLevel: LogLevel;
  /** Texts that must never be shown. */
  readonly secrets: readonly string[];
  /** Where each setting that was given came from. */
  readonly sources: SettingSources;
  readonly warnings: readonly string[];
  /** The variables with addresses and tokens that whoever starts Godwit hands on. */
  readonly addressVariables: readonly string[];
}

/** What the arguments and the environment ask for; problems are all of them at once, and none holds a secret. */
export type Loaded =
  | Config
  | { readonly kind: "help"; readonly command?: string }
  | { readonly kind: "version" }
  | {
      readonly kind: "problems";
      readonly command?: string;
      readonly args: FlagValues;
      readonly problems: readonly string[];
    };

/** Flags over environment over godwit.json over defaults. Pure but for the two functions that it is given. */
export function loadConfig(surroundings: Surroundings): Loaded {
  const { argv, commands } = surroundings;
  const line = parseCommandLine(argv, settings, commands);
  const command = line.command === undefined || line.command === "" ? {} : { command: line.command };
  if (line.wants === "help") return { kind: "help", ...command };
  if (line.wants === "version") return { kind: "version" };
  const read = readSettings(surroundings, line.settings);
  const isWithTokens = (): boolean => surroundings.readText(tokenPath(read.projectDir)) !== undefined;
  const conflicts = findConflicts(read.values, { command: line.command, isWithTokens });
  const chosen = chooseTarget(read, surroundings.env);
  const problems = [...line.problems, ...read.problems, ...chosen.problems, ...conflicts];
  if (problems.length > 0) return { kind: "problems", ...command, args: line.args, problems };
  return {
    kind: "config",
    entry: toEntry(read, line.command, line.args),
    engine: {
      ...toEngineSettings(read.values, read.projectDir),
      ...projectApi(read.values, chosen.target),
      target: chosen.target,
    },
    logLevel: read.values["log-level"] ?? (read.values.http === undefined ? "warn" : "info"),
    secrets: findSecrets(read.values, chosen.secrets),
    sources: read.sources,
    warnings: [...read.warnings, ...chosen.warnings],
    addressVariables: chosen.variables,
  };
}

/** The settings as they may be shown and logged: without password and token. */
export function redactConfig(config: Config): Readonly<Record<string, unknown>> {
  const { target, shadowUrl, api } = config.engine;
  return {
    ...config.engine,
    ...(api === undefined ? {} : { api: { url: api.url } }),
    ...(shadowUrl === undefined ? {} : { shadowUrl: redactUrl(shadowUrl) }),
    target: redactTarget(target),
    logLevel: config.logLevel,
    sources: config.sources,
    ...(config.entry.kind === "http" ? { http: { ...config.entry.http, token: "[redacted]" } } : {}),
  };
}

const loopback = ["127.0.0.1", "::1", "localhost"];

interface Circumstances {
  readonly command: string | undefined;
  /** The project has a file of tokens. */
  readonly isWithTokens: () => boolean;
}

function findConflicts(values: SettingValues, { command, isWithTokens }: Circumstances): readonly string[] {
  const { http, "oauth-issuer": issuer, "public-url": publicUrl } = values;
  const problems: string[] = [];
  if (issuer !== undefined && publicUrl === undefined)
    problems.push("--oauth-issuer wants --public-url too: access tokens must be meant for that address.");
  if (http !== undefined && command !== undefined)
    problems.push("--http serves; leave it out to run a command.");
  if (http === undefined || loopback.includes(http.host)) return problems;
  if (values.token === undefined && issuer === undefined && !isWithTokens()) {
    problems.push(
      `--http ${http.host} is not loopback: make tokens with godwit token add, give one with --token or GODWIT_TOKEN (16 or more characters), or name an --oauth-issuer.`,
    );
  }
  if (publicUrl === undefined && (values["allowed-host"] ?? []).length === 0) {
    problems.push(
      `--http ${http.host} is not loopback: name each host that callers use with --allowed-host.`,
    );
  }
  return problems;
}

function toEntry({ values, projectDir }: ReadSettings, command: string | undefined, args: FlagValues): Entry {
  if (command !== undefined) return { kind: "command", name: command, args };
  const { http, token, "public-url": publicUrl } = values;
  if (http === undefined) return { kind: "unsaid" };
  const oauth = toOAuth(values);
  return {
    kind: "http",
    http: {
      ...http,
      ...(token === undefined ? {} : { token }),
      ...(oauth === undefined ? {} : { oauth }),
      tokenPath: tokenPath(projectDir),
      requestsPerMinute: values["rate-limit"] ?? 600,
      allowedHosts: [
        ...(values["allowed-host"] ?? []),
        ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]),
      ],
      allowedOrigins: values["allowed-origin"] ?? [],
    },
  };
}

function toOAuth(values: SettingValues): OAuthConfig | undefined {
  const { "oauth-issuer": issuer, "oauth-jwks-url": jwksUrl, "public-url": publicUrl } = values;
  if (issuer === undefined || publicUrl === undefined) return undefined;
  return { issuer, publicUrl, ...(jwksUrl === undefined ? {} : { jwksUrl }) };
}

function toEngineSettings(
  values: SettingValues,
  projectDir: string,
): Omit<ProgramSettings, "observe" | "target"> {
  const migrationsDir = values["migrations-dir"];
  const shadowUrl = values["shadow-url"];
  return {
    projectDir,
    ...(migrationsDir === undefined ? {} : { migrationsDir: toAbsolute(migrationsDir, projectDir) }),
    ...(shadowUrl === undefined ? {} : { shadowUrl }),
    readOnly: values["read-only"] ?? false,
    lockTimeoutMs: values["lock-timeout"] ?? 200,
    lockWaitMs: values["lock-wait"] ?? 60_000,
    statementTimeoutMs: values["statement-timeout"] ?? 600_000,
    rehearsalTimeoutMs: values["rehearsal-timeout"] ?? 5_000,
    queryTimeoutMs: values["query-timeout"] ?? 15_000,
    rollbackWindowHours: values["rollback-window-hours"] ?? 48,
    verifyBeforeCommit: values["verify-before-commit"] ?? true,
  };
}

/** Whole addresses, their passwords as written and decoded, and tokens. */
function findSecrets(values: SettingValues, ofTargets: readonly string[]): readonly string[] {
  const keys = [
    values["supabase-anon-key"],
    values["supabase-service-role-key"],
    values["supabase-jwt-secret"],
  ];
  const whole = [...ofTargets, values["shadow-url"], values.token, ...keys];
  const passwords = whole.map((text) => (text === undefined ? undefined : passwordOf(text)));
  return [...whole, ...passwords, ...passwords.map(decode)].filter(
    (text): text is string => text !== undefined && text !== "",
  );
}

function passwordOf(url: string): string | undefined {
  return /^[a-z]+:\/\/[^:/?#]*:(.*)@/is.exec(url)?.[1];
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    // A bare % is no encoding: the password stands as written.
    return undefined;
  }
}
