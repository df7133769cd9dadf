import * as z from "zod";
import { httpSettings } from "./http-settings.ts";
import type { Setting } from "./setting.ts";
import { apiUrl, booleanText, databaseUrl, hours, milliseconds, projectRef, text } from "./setting-values.ts";

export { fileKey } from "./setting.ts";
export type { Setting };

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every setting, in the order in which help shows them. */
export const settings = [
  {
    flag: "database-url",
    variables: ["GODWIT_DATABASE_URL", "DATABASE_URL"],
    form: "value",
    placeholder: "URL",
    isSecret: true,
    description: "Postgres to work on; without it, an embedded database serves.",
    inFile: true,
    schema: databaseUrl,
  },
  {
    flag: "target",
    variables: ["GODWIT_TARGET"],
    form: "value",
    placeholder: "LABEL",
    description: "Which target of godwit.json is worked on where a call names none.",
    default: "the first that is no production",
    inFile: true,
    schema: text,
  },
  {
    flag: "supabase-project-ref",
    variables: ["GODWIT_SUPABASE_PROJECT_REF", "SUPABASE_PROJECT_REF"],
    form: "value",
    placeholder: "REF",
    description:
      "Hosted Supabase project, worked on through its Management API where no database URL is given.",
    inFile: true,
    schema: projectRef,
  },
  {
    flag: "supabase-access-token",
    variables: ["GODWIT_SUPABASE_ACCESS_TOKEN", "SUPABASE_ACCESS_TOKEN"],
    form: "value",
    placeholder: "TOKEN",
    isSecret: true,
    description: "Access token for the Management API.",
    inFile: false,
    schema: text,
  },
  {
    flag: "supabase-api-url",
    variables: ["GODWIT_SUPABASE_API_URL"],
    form: "value",
    placeholder: "URL",
    description: "Address of the Management API.",
    default: "https://api.supabase.com",
    inFile: false,
    schema: apiUrl,
  },
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
