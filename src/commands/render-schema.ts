import * as z from "zod";

/** The parts of a report that tell of objects in the schema. */
export const schemaParts = {
  objects: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        rls: z.string().optional(),
        partition_of: z.string().optional(),
        returns: z.string().optional(),
        traits: z.array(z.string()).optional(),
        columns: z.array(z.string()).optional(),
        constraints: z.array(z.string()).optional(),
        indexes: z.array(z.string()).optional(),
        policies: z.array(z.string()).optional(),
        triggers: z.array(z.string()).optional(),
        values: z.array(z.string()).optional(),
        definition: z.string().optional(),
        comment: z.string().optional(),
      }),
    )
    .optional(),
};

const report = z.object({
  ...schemaParts,
  untrusted_begin: z.string().optional(),
  untrusted_end: z.string().optional(),
});

type ShownObject = NonNullable<z.output<typeof report>["objects"]>[number];

/** Objects for people, a few lines each; the marks stay, because an agent may read what a command prints. */
export function renderSchema({
  objects = [],
  untrusted_begin: begin,
  untrusted_end: end,
}: z.output<typeof report>): string {
  if (objects.length === 0) return "";
  return [begin, ...objects.map(renderObject), end].filter((line) => line !== undefined).join("\n");
}

function renderObject(object: ShownObject): string {
  const { columns = [], constraints = [], indexes = [], policies = [], triggers = [], values = [] } = object;
  return [
    headOf(object),
    ...columns.map((text) => `  ${text}`),
    ...constraints.map((text) => `  ${text}`),
    ...indexes.map((text) => `  index ${text}`),
    ...policies.map((text) => `  policy ${text}`),
    ...triggers.map((text) => `  trigger ${text}`),
    ...(values.length === 0 ? [] : [`  ${values.join(", ")}`]),
    ...(object.definition === undefined ? [] : [indent(object.definition)]),
    ...(object.comment === undefined ? [] : [indent(`-- ${object.comment}`)]),
  ].join("\n");
}

function headOf({ kind, name, rls, partition_of: parent, returns, traits = [] }: ShownObject): string {
  const remarks = [
    ...(rls === undefined ? [] : [`row security ${rls}`]),
    ...(parent === undefined ? [] : [`partition of ${parent}`]),
    ...traits,
  ];
  const result = returns === undefined ? "" : ` returns ${returns}`;
  return `${kind} ${name}${result}${remarks.length === 0 ? "" : `  (${remarks.join(", ")})`}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
