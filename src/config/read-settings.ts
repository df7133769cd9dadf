import { dirname, join, resolve } from "node:path";
import type { FlagValues } from "./command-line.ts";
import { describeNearest, nearestMatch } from "../nearest-match.ts";
import type { GivenTargets } from "./read-targets.ts";
import { fileKey, settings, type Setting, type SettingName, type SettingValues } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where each given setting came from: a flag, a variable, or the file. */
export type SettingSources = Readonly<Partial<Record<SettingName, string>>>;

/** Settings as read from the three places, checked one by one. */
export interface ReadSettings {
  readonly values: SettingValues;
  readonly sources: SettingSources;
  /** Absolute. */
  readonly projectDir: string;
  /** What godwit.json says of several targets; not checked yet. */
  readonly targets?: GivenTargets;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

interface Given {
  readonly setting: Setting;
  readonly source: string;
  readonly value: unknown;
}

/** Reads flags, then variables, then the file, for each setting; the first that gives it counts, or the one that protects most. */
export function readSettings(surroundings: Surroundings, flags: FlagValues): ReadSettings {
  const problems: string[] = [];
  const warnings: string[] = [];
  const notes = { problems, warnings };
  const outer = [...fromFlags(flags, notes), ...fromVariables(surroundings.env, notes)];
  const projectDir = findProjectDir(surroundings, outer, notes);
  const file = fromFile(surroundings, { outer, projectDir }, notes);
  const given = [...outer, ...file.given];
  const values: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const { setting, source, value } of given) {
    const isKnown = setting.flag in sources;
    if (isKnown && setting.strictest === undefined) continue;
    const parsed = setting.schema().safeParse(value);
    const isStricter = parsed.success && isKnown && parsed.data === setting.strictest;
    if (!isKnown || isStricter) sources[setting.flag] = source;
    if (parsed.success && (!isKnown || isStricter)) values[setting.flag] = parsed.data;
    if (!parsed.success)
      problems.push(...[...new Set(parsed.error.issues.map((issue) => `${source} ${issue.message}.`))]);
  }
  const { targets } = file;
  return { values, sources, projectDir, ...(targets === undefined ? {} : { targets }), problems, warnings };
}

interface Notes {
  readonly problems: string[];
  readonly warnings: string[];
}

function fromFlags(flags: FlagValues, notes: Notes): readonly Given[] {
  return settings.flatMap((setting: Setting) => {
    const source = `--${setting.flag}`;
    const texts = (flags.get(setting.flag) ?? []).filter((text) => isSet({ setting, text, source }, notes));
    if (texts.length === 0) return [];
    const values = setting.form === "list" ? [texts.join(",")] : texts;
    return values.map((value) => ({ setting, source, value }));
  });
}

/** A variable that is empty counts as unset, as everywhere; one of ours that nobody knows is a mistyped one. */
function fromVariables(env: Surroundings["env"], notes: Notes): readonly Given[] {
  notes.problems.push(...findMistypedVariables(env));
  return settings.flatMap((setting: Setting) =>
    setting.variables.flatMap((name) => {
      const value = env[name];
      if (value === undefined || value === "" || !isSet({ setting, text: value, source: name }, notes))
        return [];
      return [{ setting, source: name, value }];
    }),
  );
}

function findMistypedVariables(env: Surroundings["env"]): readonly string[] {
  const known: readonly string[] = settings.flatMap((setting: Setting) => setting.variables);
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith("GODWIT_") || known.includes(name)) return [];
    const nearest = nearestMatch(name, known);
    return nearest === undefined ? [] : [`Unknown variable ${name}; did you mean ${nearest}?`];
  });
}

interface GivenText {
  readonly setting: Setting;
  readonly text: string;
  readonly source: string;
}

/**
 * Clients hand on `${NAME}` as it stands where NAME is not set (Claude Code does); it counts as unset, but for a setting
 * that protects: there nobody knows what was meant, and the value is refused.
 */
function isSet({ setting, text, source }: GivenText, notes: Notes): boolean {
  if (!/^\$\{[^{}]*\}$/.test(text) || setting.strictest !== undefined) return true;
  notes.warnings.push(
    `${source} is the text ${text}, so it counts as not set: nothing has that name where the client looked.`,
  );
  return false;
}

function findProjectDir(
  { env, workingDir, isFolder }: Surroundings,
  outer: readonly Given[],
  notes: Notes,
): string {
  const given = outer.find(({ setting }) => setting.flag === "project-dir");
  if (given !== undefined) {
    const folder = resolve(workingDir, String(given.value));
    if (!isFolder(folder)) notes.problems.push(`${given.source} is not a folder: ${folder}`);
    return folder;
  }
  const claude = env["CLAUDE_PROJECT_DIR"];
  return claude !== undefined && claude !== "" && isFolder(claude) ? resolve(claude) : workingDir;
}

interface FilePlace {
  readonly outer: readonly Given[];
  readonly projectDir: string;
}

function fromFile(
  surroundings: Surroundings,
  { outer, projectDir }: FilePlace,
  notes: Notes,
): { readonly given: readonly Given[]; readonly targets?: GivenTargets } {
  const named = outer.find(({ setting }) => setting.flag === "config");
  const path =
    named === undefined
      ? join(projectDir, "godwit.json")
      : resolve(surroundings.workingDir, String(named.value));
  const content = readJson(surroundings, path);
  if (content.kind === "absent" && named !== undefined)
    notes.problems.push(`${named.source}: there is no file ${path}.`);
  if (content.kind === "wrong") notes.problems.push(`${path} ${content.problem}.`);
  if (content.kind !== "object") return { given: [] };
  const { targets, ...entries } = content.value;
  return {
    given: Object.entries(entries).flatMap(([key, value]) => fromFileEntry({ key, value, path }, notes)),
    ...(targets === undefined ? {} : { targets: { value: targets, path, folder: dirname(path) } }),
  };
}

type FileContent =
  | { readonly kind: "absent" }
  | { readonly kind: "wrong"; readonly problem: string }
  | { readonly kind: "object"; readonly value: Readonly<Record<string, unknown>> };

/** The parser's own message is not repeated: it quotes the text, which may be a password. */
function readJson({ readText }: Surroundings, path: string): FileContent {
  try {
    const text = readText(path);
    if (text === undefined) return { kind: "absent" };
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { kind: "object", value: { ...value } };
    return { kind: "wrong", problem: "does not hold one JSON object" };
  } catch (error) {
    return { kind: "wrong", problem: error instanceof SyntaxError ? "is not JSON" : "cannot be read" };
  }
}

function fromFileEntry(
  { key, value, path }: { readonly key: string; readonly value: unknown; readonly path: string },
  notes: Notes,
): readonly Given[] {
  if (key === "$schema") return [];
  const source = `${key} in ${path}`;
  const inFile: readonly Setting[] = settings.filter((setting) => setting.inFile);
  const setting = inFile.find(({ flag }) => fileKey(flag) === key);
  if (setting === undefined) {
    const offer = describeNearest(
      key,
      inFile.map(({ flag }) => fileKey(flag)),
    );
    notes.problems.push(`Unknown key ${source}${offer === "" ? "; see docs/configuration.md." : offer}`);
    return [];
  }
  if (typeof value === "string" && !isSet({ setting, text: value, source }, notes)) return [];
  const isPath = setting.flag === "migrations-dir" || (setting.flag === "data-dir" && value !== "memory");
  return [
    {
      setting,
      source,
      value: isPath && typeof value === "string" && value !== "" ? resolve(dirname(path), value) : value,
    },
  ];
}
