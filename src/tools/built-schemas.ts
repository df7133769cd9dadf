import type { ToolSchemas } from "./tool-schemas.ts";

/** By tool name. Empty in the sources; scripts/build.mjs puts the written-out schemas here, which starts 15 ms sooner. */
export const builtSchemas: Readonly<Record<string, ToolSchemas>> = {};
