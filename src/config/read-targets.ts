import { resolve } from "node:path";
import * as z from "zod";
import type { LabelledTarget, LabelledTargets } from "../engine/index.ts";
import { describeNearest } from "../nearest-match.ts";
import { booleanText, databaseUrl, projectRef, text } from "./setting-values.ts";
import type { SettingValues } from "./settings.ts";

/** `targets` as godwit.json has it, and where that stands. */
export interface GivenTargets {
  readonly value: unknown;
  /** For problems. */
  readonly path: string;
  /** Absolute folder of the file: folders in it are below. */
  readonly folder: string;
}

/** The targets of godwit.json with what the environment adds to them; problems hold no secret. */
export type ReadTargets =
  | {
      readonly kind: "read";
      readonly targets: LabelledTargets;
      readonly secrets: readonly string[];
      /** The variables that entries name, whether or not they are set. */
      readonly variables: readonly string[];
    }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly values: SettingValues;
}

const variableName = () =>
  text().refine((value) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(value), {
    error: "is not the name of a variable, such as STAGING_DATABASE_URL",
  });

/** One entry of `targets`; every secret is named, none is written in it. */
const entryShape = z.strictObject({
  database_url_env: variableName().exactOptional(),
  supabase_project_ref: projectRef().exactOptional(),
  supabase_access_token_env: variableName().exactOptional(),
  data_dir: text().exactOptional(),
  project_id: text().exactOptional(),
  production: booleanText().exactOptional(),
  read_only: booleanText().exactOptional(),
});
type Entry = z.output<typeof entryShape>;

/** Keys that would put a secret into the file, and what to write instead. */
const secretKeys: Readonly<Record<string, string>> = {
  database_url: "database_url_env",
  supabase_access_token: "supabase_access_token_env",
};

/** Checks every entry, and looks up what it names. Pure. */
export function readTargets(given: GivenTargets, surroundings: Surroundings): ReadTargets {
  const { value, path } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return problem(`targets in ${path} is not an object of labels, such as { "staging": { … } }.`);
  const read = Object.entries(value).map(([label, entry]) => readOne({ label, entry }, given, surroundings));
  const problems = read.flatMap((one) => one.problems);
  const [first, ...others] = read.flatMap((one) => (one.target === undefined ? [] : [one.target]));
  if (problems.length > 0) return { kind: "problems", problems };
  if (first === undefined) return problem(`targets in ${path} names no target.`);
  const targets = [first, ...others] as const;
  const twins = findTwins(targets);
  if (twins !== undefined) return problem(`${twins} in ${path} are the same database under two labels.`);
  const usual = surroundings.values.target ?? targets.find(({ isProduction }) => !isProduction)?.label;
  if (usual !== undefined && !targets.some(({ label }) => label === usual)) {
    const labels = targets.map(({ label }) => label);
    return problem(
      `--target (GODWIT_TARGET, or target in ${path}) names none of the targets ${labels.join(", ")}${describeNearest(usual, labels)}`,
    );
  }
  return {
    kind: "read",
    targets: { kind: "labelled", targets, ...(usual === undefined ? {} : { usual }) },
    secrets: targets.flatMap(secretsOf),
    variables: [...new Set(read.flatMap((one) => one.variables ?? []))],
  };
}

function problem(text: string): ReadTargets {
  return { kind: "problems", problems: [text] };
}

interface ReadOne {
  readonly problems: readonly string[];
  readonly target?: LabelledTarget;
  readonly variables?: readonly string[];
}

function readOne(
  { label, entry }: { readonly label: string; readonly entry: unknown },
  { path, folder }: GivenTargets,
  surroundings: Surroundings,
): ReadOne {
  const place = `targets.${label.slice(0, 40)} in ${path}`;
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(label))
    return { problems: [`${place} is no label: lower-case letters, digits, - and _, at most 32.`] };
  const parsed = entryShape.safeParse(entry);
  if (!parsed.success)
    return { problems: parsed.error.issues.flatMap((issue) => describeIssue(place, issue)) };
  const { production, read_only: readOnly = false } = parsed.data;
  const address = findAddress(parsed.data, folder, surroundings);
  if (typeof address === "string") return { problems: [`${place} ${address}`] };
  const isProduction = production ?? soundsLikeProduction(label);
  return {
    problems: [],
    target: { label, isProduction, readOnly, address },
    variables: namedIn(parsed.data),
  };
}

function namedIn({
  database_url_env: url,
  supabase_project_ref: ref,
  supabase_access_token_env: token = "SUPABASE_ACCESS_TOKEN",
}: Entry): readonly string[] {
  if (url !== undefined) return [url];
  return ref === undefined ? [] : [token];
}

function describeIssue(place: string, issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== "unrecognized_keys") {
    const key = issue.path.join(".");
    return [key === "" ? `${place} is not an object.` : `${key} of ${place} ${issue.message}.`];
  }
  return issue.keys.map((key) => {
    const instead = secretKeys[key];
    if (instead !== undefined)
      return `${place} must hold no secret: put the ${key} into a variable, and write that variable's name as ${instead}.`;
    const offer = describeNearest(key, Object.keys(entryShape.shape));
    return `Unknown key ${key} of ${place}${offer === "" ? "; see docs/configuration.md." : offer}`;
  });
}

/** `prod-eu` is production, `product-tests` is not; `production` in the entry goes before the label. */
function soundsLikeProduction(label: string): boolean {
  return label.split(/[-_]/).some((word) => ["prod", "production", "live"].includes(word));
}

type Address = LabelledTarget["address"];

/** Where the target is; a text says what is wrong with the entry. */
function findAddress(entry: Entry, folder: string, { env, values }: Surroundings): Address | string {
  const { database_url_env: urlName, supabase_project_ref: ref, data_dir: dataDir, project_id: id } = entry;
  const ways = [urlName, ref, dataDir].filter((way) => way !== undefined).length;
  if (ways === 0)
    return "says not where the database is: give database_url_env, supabase_project_ref or data_dir.";
  if (dataDir !== undefined && ways > 1) return "has a data_dir beside another address; give one of them.";
  const projectId = id ?? ref;
  const named = projectId === undefined ? {} : { projectId };
  if (dataDir !== undefined)
    return { kind: "embedded", dataDir: dataDir === "memory" ? dataDir : resolve(folder, dataDir), ...named };
  if (urlName !== undefined) return findUrl(urlName, env[urlName], named);
  const tokenName = entry.supabase_access_token_env;
  const token = tokenName === undefined ? values["supabase-access-token"] : env[tokenName];
  if (token === undefined || token === "")
    return { kind: "not_set_up", reason: `${tokenName ?? "SUPABASE_ACCESS_TOKEN"} is not set.` };
  const apiUrl = values["supabase-api-url"] ?? "https://api.supabase.com";
  const loginRole = values["supabase-login-role"] ?? "auto";
  return { kind: "management", projectRef: ref ?? "", accessToken: token, apiUrl, loginRole };
}

function findUrl(name: string, value: string | undefined, named: { readonly projectId?: string }): Address {
  if (value === undefined || value === "" || /^\$\{[^{}]*\}$/.test(value))
    return { kind: "not_set_up", reason: `${name} is not set.` };
  const parsed = databaseUrl().safeParse(value);
  return parsed.success
    ? { kind: "postgres", url: parsed.data, ...named }
    : { kind: "not_set_up", reason: `${name} ${parsed.error.issues[0]?.message ?? "is wrong"}.` };
}

/** Two labels for one database would let a yes for the one go for the other. */
function findTwins(targets: readonly LabelledTarget[]): string | undefined {
  const known = new Map<string, string>();
  for (const { label, address } of targets) {
    const name = identityOf(address);
    if (name === undefined) continue;
    const twin = known.get(name);
    if (twin !== undefined) return `${twin} and ${label}`;
    known.set(name, label);
  }
  return undefined;
}

function identityOf(address: Address): string | undefined {
  if (address.kind === "not_set_up") return undefined;
  if (address.kind === "management") return address.projectRef;
  if (address.projectId !== undefined) return address.projectId;
  if (address.kind === "postgres") return address.url;
  return address.dataDir === "memory" ? undefined : address.dataDir;
}

function secretsOf({ address }: LabelledTarget): readonly string[] {
  if (address.kind === "postgres") return [address.url];
  return address.kind === "management" ? [address.accessToken] : [];
}
