import type { Finding } from "../model/finding.ts";
import { listFew } from "../model/list-few.ts";

/** Whoever writes is told that the folder that was named is not there: a mistyped one has nothing pending, and no files. */
export function warnOfMissingFolder(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ code, message }) => (code === "folder_missing" ? [message] : []));
}

/** Files with SQL that are taken for no migration, as one sentence: whoever applies all that is pending may think they are applied. */
export function warnOfPassedOver(findings: readonly Finding[]): readonly string[] {
  const files = findings.flatMap(({ code, severity, file }) => {
    const isPassedOver = code === "stray_sql_file" || (code === "bad_file_name" && severity === "warning");
    return isPassedOver && file !== undefined ? [file] : [];
  });
  if (files.length === 0) return [];
  return [
    `Passed over, because their names are no migration's: ${listFew(files, 5, (file) => file)}. list_migrations says why.`,
  ];
}
