import type * as z from "zod";

/** A JSON Schema of an object, dialect 2020-12. */
export interface ObjectSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, z.core.JSONSchema._JSONSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly object[];
  readonly additionalProperties?: boolean;
}

/** What a tool takes and answers. */
export interface ToolSchemas {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
}
