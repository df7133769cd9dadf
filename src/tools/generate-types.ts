import * as z from "zod";
import type { CallContext, Engine, GenerateTypesRequest } from "../engine/index.ts";
import { defineTool, projectId, type ToolAnswer } from "./define-tool.ts";
import { reportParts } from "./report-parts.ts";

const input = z.strictObject({
  project_id: projectId,
  schemas: z.array(z.string()).exactOptional(),
  out: z.string().describe("file to write").exactOptional(),
  cursor: z.string().exactOptional(),
});

const commandInput = input.extend({
  postgrest_version: z
    .string()
    .describe("Name this version of PostgREST in the types, as hosted projects do.")
    .exactOptional(),
});

type CommandInput = z.output<typeof commandInput>;

/** The types that supabase-js users have. */
export const generateTypes = defineTool({
  name: "generate_types",
  title: "Generate types",
  description:
    "TypeScript types (Database) for supabase-js, as Supabase generates them. Use after a migration.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input,
  commandInput,
  output: z.object({
    ...reportParts,
    file: z.string().exactOptional(),
    types: z.string().exactOptional(),
    next_cursor: z.string().exactOptional(),
  }),
  isUnwelcome: () => false,
  runInstead: (engine, given, context) =>
    given.out === undefined && given.cursor === undefined ? print(engine, given, context) : undefined,
  run: (engine, given, context) => engine.generateTypes(toRequest(given), context),
});

/** A person redirects the text to a file. */
async function print(engine: Engine, given: CommandInput, context: CallContext): Promise<ToolAnswer> {
  const report = await engine.generateTypes(toRequest(given), context);
  return { report, isUnwelcome: false, text: report.types ?? "" };
}

function toRequest(given: CommandInput): GenerateTypesRequest {
  const { project_id: _, postgrest_version: postgrestVersion, schemas, ...request } = given;
  return {
    ...request,
    ...(schemas === undefined ? {} : { schemas: schemas.flatMap((names) => names.split(",")) }),
    ...(postgrestVersion === undefined ? {} : { postgrestVersion }),
  };
}
