import { columnTemplate } from "./templates/column.ts";
import { dataTemplate } from "./templates/data.ts";
import { functionTemplate } from "./templates/function.ts";
import { genericTemplate } from "./templates/generic.ts";
import { indexTemplate } from "./templates/index.ts";
import { policyTemplate } from "./templates/policy.ts";
import { tableTemplate } from "./templates/table.ts";
import type { RenderedTemplate, Template } from "./templates/template.ts";
import { triggerTemplate } from "./templates/trigger.ts";

const templates = {
  table: tableTemplate,
  column: columnTemplate,
  index: indexTemplate,
  function: functionTemplate,
  policy: policyTemplate,
  trigger: triggerTemplate,
  data: dataTemplate,
  generic: genericTemplate,
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;

/** Every template, the most used first. */
export const templateNames = [
  "table",
  "column",
  "index",
  "function",
  "policy",
  "trigger",
  "data",
  "generic",
] as const satisfies readonly TemplateName[];

interface TemplateOrder {
  readonly template: TemplateName;
  /** The migration's name, from which a missing subject is guessed. */
  readonly name: string;
  /** A table, `schema.table`, `table.column` or `schema.table.column`; names in double quotes are taken as they are. */
  readonly subject?: string;
  readonly purpose?: string;
}

/** The SQL of a template and the SQL that undoes it, or what has to be known about its subject first. */
export function renderTemplate({ template, ...order }: TemplateOrder): RenderedTemplate {
  return templates[template](order);
}
