import * as z from "zod";
import { httpSettings } from "./http-settings.ts";
import type { Setting } from "./setting.ts";
import { targetSettings } from "./target-settings.ts";
import { booleanText, databaseUrl, hours, milliseconds, text } from "./setting-values.ts";

export { fileKey } from "./setting.ts";
export type { Setting };

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every setting, in the order in which help shows them. */
export const settings = [
  ...targetSettings,
  {
    flag: "migrations-dir",
    variables: ["GODWIT_MIGRATIONS_DIR", "MIGRATIONS_DIR"],
    form: "value",
    placeholder: "FOLDER",
    description: "Folder of the migration files.",
    default: "found by supabase/config.toml, else supabase/migrations, else migrations",
    inFile: true,
    schema: text,
  },
  {
    flag: "data-dir",
    variables: ["GODWIT_DATA_DIR"],
    form: "value",
    placeholder: "FOLDER",
    description: "Folder of the embedded database; `memory` keeps nothing on disk.",
    default: ".godwit/embedded in the project",
    inFile: true,
    schema: text,
  },
  {
    flag: "shadow-url",
    variables: ["GODWIT_SHADOW_URL"],
    form: "value",
    placeholder: "URL",
    isSecret: true,
    description: "Empty Postgres database to replay files in for detect_drift; left empty again.",
    default: "a database inside Godwit",
    inFile: true,
    schema: databaseUrl,
  },
  {
    flag: "read-only",
    variables: ["GODWIT_READ_ONLY"],
    form: "switch",
    strictest: true,
    description:
      "Refuses everything that changes the database or the migration files. Given in any place, it counts.",
    default: "false",
    inFile: true,
    schema: booleanText,
  },
  {
    flag: "project-id",
    variables: ["GODWIT_PROJECT_ID"],
    form: "value",
    placeholder: "REF",
    description: "The project's ref; calls that name another project are refused.",
    inFile: true,
    schema: text,
  },
  {
    flag: "project-dir",
    variables: ["GODWIT_PROJECT_DIR"],
    form: "value",
    placeholder: "FOLDER",
    description: "Folder of the project.",
    default: "CLAUDE_PROJECT_DIR where that folder exists, else the working folder",
    inFile: false,
    schema: text,
  },
  ...httpSettings,
  {
    flag: "lock-timeout",
    variables: ["GODWIT_LOCK_TIMEOUT"],
    form: "value",
    placeholder: "MS",
    description:
      "Longest wait for one lock before the migration is rolled back and tried again; readers behind it wait as long.",
    default: "200",
    inFile: true,
    schema: milliseconds,
  },
  {
    flag: "lock-wait",
    variables: ["GODWIT_LOCK_WAIT"],
    form: "value",
    placeholder: "MS",
    description:
      "Longest wait for locks in all, with every retry: 12 of them, and 12 more for each further minute.",
    default: "60000",
    inFile: true,
    schema: milliseconds,
  },
  {
    flag: "statement-timeout",
    variables: ["GODWIT_STATEMENT_TIMEOUT"],
    form: "value",
    placeholder: "MS",
    description: "Longest run of one statement of a migration; 0 is no limit.",
    default: "600000",
    inFile: true,
    schema: milliseconds,
  },
  {
    flag: "rehearsal-timeout",
    variables: ["GODWIT_REHEARSAL_TIMEOUT"],
    form: "value",
    placeholder: "MS",
    description: "Longest run of one statement of a dry run on the target; 0 is no limit.",
    default: "5000",
    inFile: true,
    schema: milliseconds,
  },
  {
    flag: "query-timeout",
    variables: ["GODWIT_QUERY_TIMEOUT"],
    form: "value",
    placeholder: "MS",
    description: "Longest run of a statement of execute_sql; 0 is no limit.",
    default: "15000",
    inFile: true,
    schema: milliseconds,
  },
  {
    flag: "rollback-window-hours",
    variables: ["GODWIT_ROLLBACK_WINDOW_HOURS"],
    form: "value",
    placeholder: "HOURS",
    description: "How long a migration can be rolled back; with 0 no way back is looked for.",
    default: "48",
    inFile: true,
    schema: hours,
  },
  {
    flag: "verify-before-commit",
    variables: ["GODWIT_VERIFY_BEFORE_COMMIT"],
    form: "value",
    placeholder: "true|false",
    description:
      "Whether apply_migration and run_phase judge the project's spec, godwit.verify.yaml, before they commit.",
    default: "true",
    inFile: true,
    schema: booleanText,
  },
  {
    flag: "log-level",
    variables: ["GODWIT_LOG_LEVEL"],
    form: "value",
    placeholder: "LEVEL",
    description: `What is written to stderr: ${logLevels.join(", ")}.`,
    default: "info with --http, else warn",
    inFile: true,
    schema: () => z.enum(logLevels, { error: `is none of ${logLevels.join(", ")}` }),
  },
  {
    flag: "config",
    variables: ["GODWIT_CONFIG"],
    form: "value",
    placeholder: "FILE",
    description: "Settings file.",
    default: "godwit.json in the project, where it exists",
    inFile: false,
    schema: text,
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]["flag"];

/** The values that were given and are right. */
export type SettingValues = {
  readonly [Name in SettingName]?: z.output<
    ReturnType<Extract<(typeof settings)[number], { flag: Name }>["schema"]>
  >;
};
