import * as z from "zod";
import { builtSchemas } from "./built-schemas.ts";
import type { Tool } from "./define-tool.ts";
import type { ObjectSchema, ToolSchemas } from "./tool-schemas.ts";

/** Whether targets have labels: then calls choose one by `target`, in place of `project_id`. `any`: every argument, for either. */
export type Targets = "one" | "labelled" | "any";

/** What a client is told that a tool takes and answers. */
export function toToolSchemas(tool: Tool, targets: Targets = "one"): ToolSchemas {
  const { input, output } = builtSchemas[tool.name] ?? {
    input: toObjectSchema(tool.input),
    output: toOutputSchema(tool),
  };
  return { input: { ...input, properties: shownFor(targets, input.properties) }, output };
}

/** Arguments that name another target. */
const otherTargets = ["against", "promote_from"];

function shownFor(targets: Targets, properties: ObjectSchema["properties"]): ObjectSchema["properties"] {
  const entries = Object.entries(properties);
  switch (targets) {
    case "any":
      return properties;
    case "one":
      return Object.fromEntries(entries.filter(([name]) => !otherTargets.includes(name)));
    case "labelled": {
      const own = entries.filter(([name]) => name !== "project_id");
      return { target: { type: "string" }, ...Object.fromEntries(own) };
    }
  }
}

/** What the command of the same name takes. */
export function toCommandJsonSchema(tool: Tool): ObjectSchema {
  return toObjectSchema(tool.commandInput);
}

/**
 * The report, or an error; one level deep, because some clients show it to their models. The second part is there for
 * clients of the 2025 revisions, which hold error results against the schema too (@modelcontextprotocol/sdk 1.32.2 does).
 */
function toOutputSchema(tool: Tool): ObjectSchema {
  const { type, properties, required = [] } = toObjectSchema(tool.output);
  return {
    type,
    properties: { ...toOutline(properties), error: { type: "object" } },
    anyOf: [{ required }, { required: ["error"] }],
  };
}

/** Without what every report may have (docs/tools.md), because clients count these tokens too. */
function toOutline(properties: ObjectSchema["properties"]): ObjectSchema["properties"] {
  const { warnings: _warnings, next_steps: _nextSteps, ...own } = properties;
  return Object.fromEntries(
    Object.entries(own).map(([name, schema]) => [
      name,
      typeof schema === "object" && schema.type !== undefined ? { type: schema.type } : schema,
    ]),
  );
}

/** Written in input mode, which leaves objects open, and without the dialect, which is the protocol's default. */
function toObjectSchema(schema: z.ZodObject): ObjectSchema {
  const { properties, required, additionalProperties } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return {
    type: "object",
    properties: properties ?? {},
    ...(required === undefined ? {} : { required }),
    ...(additionalProperties === false ? { additionalProperties } : {}),
  };
}
