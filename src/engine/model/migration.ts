import type { Version } from "./version.ts";

/** What a migration file holds: SQL that can be read, or the reason why it cannot. */
export type FileContent =
  | {
      readonly kind: "sql";
      /** Decoded UTF-8 without a byte order mark; otherwise exactly the file's text. */
      readonly sql: string;
      /** SHA-256, hex, of the canonical text (docs/formats.md, "Checksum"). */
      readonly checksum: string;
      /** SHA-256, hex, of the token stream: equal for the same SQL whatever its comments and white space. */
      readonly fingerprint: string;
    }
  | {
      readonly kind: "unreadable";
      readonly reason: "nul_byte" | "invalid_utf8" | "file_too_large" | "unreadable_file";
      readonly message: string;
    };

/** One file of the migrations folder that matches the Supabase CLI's pattern `^([0-9]+)_(.*)\.sql$`. */
export interface MigrationFile {
  readonly version: Version;
  /** The part of the file name after the first underscore, without `.sql`; may be empty. */
  readonly name: string;
  /** The bare file name, without folder. */
  readonly fileName: string;
  readonly content: FileContent;
  /** True where the Supabase CLI passes the file over though its name matches (an old `_init.sql` in first place). */
  readonly skippedByCli: boolean;
  /** What the file of the same name in `rollback/` holds, where there is one that can be read. */
  readonly rollbackFile?: string;
}
