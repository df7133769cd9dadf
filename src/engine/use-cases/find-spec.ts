import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../errors.ts";
import { isInside, resolveExisting, systemCodeOf, toShownPath } from "../files/paths.ts";
import type { Spec } from "../verify/read-spec.ts";

/** The names under which a spec is looked for, in the project's folder. */
export const specNames: readonly string[] = ["godwit.verify.yaml", "godwit.verify.yml", "godwit.verify.json"];

export interface FoundSpec {
  /** As shown to people, below the project. */
  readonly file: string;
  readonly spec: Spec;
}

/**
 * The given spec, or the one that the project has; undefined where there is none. Throws `path_outside_folder`,
 * `file_not_readable`, `invalid_spec`, and `arguments_conflict` where the project has two.
 */
export async function findSpec(
  projectDir: string,
  given: string | undefined,
): Promise<FoundSpec | undefined> {
  const project = await realpath(projectDir);
  const found: { readonly file: string; readonly text: string }[] = [];
  for (const name of given === undefined ? specNames : [given]) {
    const location = await resolveExisting(path.resolve(project, name));
    if (!isInside(location, project))
      throw new EngineError(
        "path_outside_folder",
        `${JSON.stringify(name)} is not in the project's folder.`,
        { hint: "Give a path below the project's folder, such as godwit.verify.yaml." },
      );
    const text = await readText(location, name);
    if (text !== undefined) found.push({ file: toShownPath(location, project), text });
  }
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second === undefined) {
    // Its parser is loaded where there is a spec, and not before.
    const { readSpec } = await import("../verify/read-spec.ts");
    return { file: first.file, spec: readSpec(first.text, first.file) };
  }
  throw new EngineError(
    "arguments_conflict",
    `There are ${first.file} and ${second.file}, and a project has one spec.`,
    { hint: "Rename one of them: verify_schema takes any other by `file`." },
  );
}

async function readText(location: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(location, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw new EngineError(
      "file_not_readable",
      `${name} cannot be read (${systemCodeOf(error) ?? "unknown"}).`,
      { file: name },
      error,
    );
  }
}
