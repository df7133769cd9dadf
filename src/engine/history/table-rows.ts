import * as z from "zod";

/** What a run changed in one table, as the record keeps it. */
export const tableRows = z.object({
  table: z.string(),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  destroyed: z.exactOptional(z.number()),
  isEstimate: z.exactOptional(z.boolean()),
});
