import { listBundles, readBundle } from "./bundles.ts";
import type { BundledFile } from "./bundles.ts";
import { toVersionScript } from "./extension-files.ts";
import type { ExtensionScript } from "./extension-files.ts";
import { standInExtensions, standInStatements } from "./listing.ts";
import { requestedVersions } from "./requested-versions.ts";

/** What installing needs of an embedded database: every path is absolute in its own file system, in a folder that PGlite has. */
export type StandInInstance = {
  readonly exec: (sql: string) => Promise<unknown>;
  readonly writeFile: (path: string, content: string | Uint8Array) => void;
};

// Where PGlite keeps its installation, in its own file system.
const installation = "/pglite/";
const extensionFolder = `${installation}share/postgresql/extension/`;

/** Makes the likeness of a fresh Supabase project in an empty embedded database: extension files first, then every schema. */
export const installStandIn = async (instance: StandInInstance): Promise<void> => {
  writeExtensionFiles(instance);
  for (const { sql } of standInStatements()) await instance.exec(sql);
};

/**
 * Makes every extension known to CREATE EXTENSION: PGlite's own, vector, pgmq, and the stand-ins.
 * Must be done on every start, before the first SQL: a data folder or image holds no extension files.
 */
export const writeExtensionFiles = ({ writeFile }: Pick<StandInInstance, "writeFile">): void => {
  for (const extension of standInExtensions()) {
    writeFile(`${extensionFolder}${extension.name}.control`, extension.controlFile);
    for (const { fileName, sql } of extension.scripts) writeFile(extensionFolder + fileName, sql);
  }
  for (const bundle of listBundles()) {
    const files = readBundle(bundle);
    for (const { path, content } of files) if (isNeededToRun(path)) writeFile(installation + path, content);
    for (const { fileName, sql } of olderVersionScripts(files)) writeFile(extensionFolder + fileName, sql);
  }
};

/**
 * Makes the extension versions that a text asks for known, whatever they are. To be called before that text is run;
 * a name that nothing stands in for is left to fail as PostgreSQL lets it fail.
 */
export const writeRequestedVersions = (
  { writeFile }: Pick<StandInInstance, "writeFile">,
  sql: string,
): void => {
  const asked = requestedVersions(sql);
  if (asked.length === 0) return;
  const known = new Map(listKnownExtensions().map((extension) => [extension.name, extension]));
  for (const { name, version } of asked) {
    const extension = known.get(name);
    if (extension === undefined || extension.versions.has(version)) continue;
    const script = toVersionScript(extension, version);
    writeFile(extensionFolder + script.fileName, script.sql);
  }
};

// Headers and documentation are of no use to a running server, and their folders do not exist.
const isNeededToRun = (path: string): boolean =>
  path.startsWith("lib/") || path.startsWith("share/postgresql/");

type KnownExtension = {
  readonly name: string;
  readonly version: string;
  readonly versions: ReadonlySet<string>;
};

const listKnownExtensions = (): readonly KnownExtension[] => [
  ...standInExtensions().map((extension) =>
    toKnown(
      extension,
      extension.scripts.map(({ fileName }) => fileName),
    ),
  ),
  ...listBundles().flatMap((bundle) => readKnown(readBundle(bundle))),
];

const olderVersionScripts = (files: readonly BundledFile[]): readonly ExtensionScript[] =>
  readKnown(files).flatMap((extension) =>
    [...extension.versions]
      .filter((version) => version !== extension.version)
      .filter((version) => !files.some(({ path }) => path.endsWith(`/${extension.name}--${version}.sql`)))
      .map((version) => toVersionScript(extension, version)),
  );

// One archive may hold several extensions (spi: autoinc, moddatetime, …) or none (auto_explain is only a library).
const readKnown = (files: readonly BundledFile[]): readonly KnownExtension[] =>
  files.flatMap(({ path, content }) => {
    const name = /([^/]+)\.control$/.exec(path)?.[1];
    const version = /^default_version\s*=\s*'([^']+)'/m.exec(new TextDecoder().decode(content))?.[1];
    if (name === undefined || version === undefined) return [];
    return [
      toKnown(
        { name, version },
        files.map((file) => file.path.replace(/^.*\//, "")),
      ),
    ];
  });

const toKnown = (
  { name, version }: { readonly name: string; readonly version: string },
  fileNames: readonly string[],
): KnownExtension => ({
  name,
  version,
  versions: new Set(
    fileNames
      .filter((fileName) => fileName.startsWith(`${name}--`) && fileName.endsWith(".sql"))
      .flatMap((fileName) => fileName.slice(name.length + 2, -".sql".length).split("--")),
  ),
});
