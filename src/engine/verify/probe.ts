import * as z from "zod";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string(), value);

/** Its arguments as a spec gives them. */
export const probe = z.strictObject({
  role: z.string(),
  /** Of the JSON web token; `role` is added. */
  claims: z.record(z.string(), z.unknown()).optional(),
  op: z.enum(["select", "insert", "update", "delete"]),
  table: z.string(),
  where: values.optional(),
  /** What insert and update give. */
  values: values.optional(),
  expect: z
    .union([z.literal("rows"), z.literal(0), z.literal("42501"), z.literal(42501), z.int().min(1)])
    .optional(),
});

/** One access that is tried as a role. */
export type Probe = z.output<typeof probe>;
