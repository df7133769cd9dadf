import type { StandInExtensionFacts } from "./extension-table.ts";

/** One script of an extension, named as PostgreSQL looks for it. */
export type ExtensionScript = { readonly fileName: string; readonly sql: string };

/** The text of `<name>.control`. Every stand-in is trusted, because on the platform `postgres` may install every one. */
export const toControlFile = (facts: StandInExtensionFacts): string =>
  [
    `comment = '${facts.comment.replaceAll("'", "''")}'`,
    `default_version = '${facts.version}'`,
    `relocatable = ${facts.relocatable === true}`,
    "superuser = true",
    "trusted = true",
    ...(facts.schema === undefined ? [] : [`schema = '${facts.schema}'`]),
    ...(facts.requires === undefined ? [] : [`requires = '${facts.requires.join(", ")}'`]),
    "",
  ].join("\n");

/** The scripts of a stand-in: its SQL under the default version, and an empty step from there to each older version. */
export const toScripts = (facts: StandInExtensionFacts, sql: string): readonly ExtensionScript[] => [
  { fileName: `${facts.name}--${facts.version}.sql`, sql },
  ...facts.olderVersions.map((version) => toVersionScript(facts, version)),
];

/**
 * An empty step from the version that is there to the one asked for, so that CREATE EXTENSION … VERSION finds a way.
 * PostgreSQL reads versions from file names alone, so a version nobody listed needs a file of its own.
 */
export const toVersionScript = (
  extension: { readonly name: string; readonly version: string },
  version: string,
): ExtensionScript => ({
  fileName: `${extension.name}--${extension.version}--${version}.sql`,
  sql: "-- The same objects under another version number.\n",
});
