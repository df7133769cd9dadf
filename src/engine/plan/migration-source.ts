import { EngineError } from "../errors.ts";
import { toChecksum } from "../files/checksum.ts";
import { parseHeader } from "../files/header.ts";
import { toFileName } from "../files/naming.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { Version } from "../model/version.ts";
import type { MigrationSource } from "./read-statements.ts";

/** What a file asks to be run. Throws `file_not_readable` for a file without SQL. */
export function sourceOfFile(file: MigrationFile): MigrationSource {
  const { version, name, fileName, content } = file;
  if (content.kind === "unreadable") {
    throw new EngineError("file_not_readable", `${fileName}: ${content.message}`, {
      file: fileName,
      version,
    });
  }
  const { sql, checksum } = content;
  const rollbackSql = parseHeader(sql).rollbackSql ?? file.rollbackFile;
  return { version, name, fileName, sql, checksum, rollbackSql };
}

/** What SQL without a file asks to be run, under the name that its file would have. */
export function sourceOfSql(sql: string, name: string, version: Version): MigrationSource {
  const fileName = toFileName(version, name);
  return {
    version,
    name,
    fileName,
    sql,
    checksum: toChecksum(sql),
    rollbackSql: parseHeader(sql).rollbackSql,
  };
}
