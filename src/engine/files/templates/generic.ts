import type { RenderedTemplate } from "./template.ts";

/** A file to be written by hand. */
export function genericTemplate(): RenderedTemplate {
  return {
    kind: "rendered",
    sql: `-- Write the SQL of this migration here: lower-case keywords, schema.table always, no begin or commit.
-- New tables need row level security, and each foreign key an index.
`,
    rollback: undefined,
  };
}
