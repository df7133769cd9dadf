import { join } from "node:path";
import type { ProgramSettings, TargetAddress } from "../engine/index.ts";
import { toAbsolute } from "./paths.ts";
import type { ReadSettings } from "./read-settings.ts";
import { readTargets } from "./read-targets.ts";
import type { SettingName, SettingValues } from "./settings.ts";

/** What is worked on, and the secrets in it; or why that cannot be. */
export interface ChosenTarget {
  readonly target: ProgramSettings["target"];
  readonly secrets: readonly string[];
  /** The variables with addresses and tokens that whoever starts Godwit hands on. */
  readonly variables: readonly string[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** The targets of godwit.json where it has some, else the one that the settings name. */
export function chooseTarget(
  read: ReadSettings,
  env: Readonly<Record<string, string | undefined>>,
): ChosenTarget {
  const { values, targets: given, projectDir } = read;
  const target = toTarget(values, projectDir);
  const one = {
    target,
    variables: addressVariables[target.kind],
    secrets: secretsIn(values),
    problems: findHostedConflicts(values),
    warnings: [],
  };
  if (given === undefined && values.target === undefined) return one;
  if (given === undefined) {
    const message =
      "--target (or GODWIT_TARGET) chooses one of the targets in godwit.json, and there are none.";
    return { ...one, problems: [message] };
  }
  const found = readTargets(given, { env, values });
  if (found.kind === "problems") return { ...one, problems: found.problems };
  return {
    target: found.targets,
    secrets: [...one.secrets, ...found.secrets],
    variables: found.variables,
    problems: findRivals(read, given.path),
    warnings: warnAboutUnused(read, JSON.stringify(given.value)),
  };
}

const addressVariables = {
  embedded: [],
  postgres: ["DATABASE_URL"],
  management: ["SUPABASE_PROJECT_REF", "SUPABASE_ACCESS_TOKEN"],
} as const;

/** Settings that name one database, and so go with no targets. */
const ofOneTarget = [
  "database-url",
  "supabase-project-ref",
  "data-dir",
  "project-id",
] as const satisfies readonly SettingName[];

/** Variables that other programs read too: with targets they mean nothing unless an entry names them. */
const shared: readonly string[] = ["DATABASE_URL", "SUPABASE_PROJECT_REF"];

function findRivals({ sources }: ReadSettings, path: string): readonly string[] {
  return ofOneTarget.flatMap((name) => {
    const source = sources[name];
    if (source === undefined || shared.includes(source)) return [];
    return [`${source} names one database, and ${path} has several targets: choose one with --target.`];
  });
}

function warnAboutUnused({ sources }: ReadSettings, targets: string): readonly string[] {
  return ofOneTarget.flatMap((name) => {
    const source = sources[name];
    if (source === undefined || !shared.includes(source) || targets.includes(`"${source}"`)) return [];
    if (name === "supabase-project-ref") return [];
    return [`${source} is set and not used: godwit.json has targets, and none names it as database_url_env.`];
  });
}

/** Whoever names a hosted project must not be served the embedded database instead. */
function findHostedConflicts(values: SettingValues): readonly string[] {
  const ref = values["supabase-project-ref"];
  if (ref === undefined) return [];
  const other = values["project-id"];
  if (other !== undefined && other !== ref)
    return ["--project-id and --supabase-project-ref name two projects; give one of them."];
  if (values["database-url"] !== undefined || values["supabase-access-token"] !== undefined) return [];
  return [
    "--supabase-project-ref (or SUPABASE_PROJECT_REF) names a hosted project, and nothing lets Godwit in: give SUPABASE_ACCESS_TOKEN, or its address with --database-url. For the embedded database, name the project with --project-id.",
  ];
}

/** A database's own address before a project's ref, and the embedded database where there is neither. */
function toTarget(values: SettingValues, projectDir: string): TargetAddress {
  const url = values["database-url"];
  const projectRef = values["supabase-project-ref"];
  const id = values["project-id"] ?? projectRef;
  const projectId = id === undefined ? {} : { projectId: id };
  if (url !== undefined) return { kind: "postgres", url, ...projectId };
  const accessToken = values["supabase-access-token"];
  if (projectRef !== undefined && accessToken !== undefined) {
    const apiUrl = values["supabase-api-url"] ?? "https://api.supabase.com";
    const loginRole = values["supabase-login-role"] ?? "auto";
    return { kind: "management", projectRef, accessToken, apiUrl, loginRole };
  }
  return { kind: "embedded", dataDir: toDataDir(values["data-dir"], projectDir), ...projectId };
}

function toDataDir(given: string | undefined, projectDir: string): string {
  if (given === "memory") return "memory";
  return given === undefined ? join(projectDir, ".godwit", "embedded") : toAbsolute(given, projectDir);
}

function secretsIn(values: SettingValues): readonly string[] {
  return [values["database-url"], values["supabase-access-token"]].filter((text) => text !== undefined);
}
