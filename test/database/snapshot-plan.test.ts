import { expect, test } from "vitest";
import * as z from "zod";
import { snapshotQuery } from "../../src/engine/catalog/snapshot-query.ts";
import { joinSql, userStatement } from "../../src/engine/database/sql.ts";
import { engines, withDatabase } from "./catalog/with-database.ts";

const node = z.looseObject({
  "Node Type": z.string(),
  "CTE Name": z.string().optional(),
  get Plans() {
    return z.array(node).optional();
  },
});

type Node = z.infer<typeof node>;

/** Loops that read a list, which has no index, once for each of their rows. */
function loopsOver(list: string, plan: Node): readonly Node[] {
  const parts = plan.Plans ?? [];
  const rereads = plan["Node Type"] === "Nested Loop" && parts[1]?.["CTE Name"] === list;
  return [...(rereads ? [plan] : []), ...parts.flatMap((part) => loopsOver(list, part))];
}

test.each(engines)("no object is compared with every part of every extension on %s", async (engine) => {
  await withDatabase(engine, async (session) => {
    const { rows } = await session.run(joinSql([userStatement("explain (format json)"), snapshotQuery], " "));
    const [{ Plan: plan }] = z.tuple([z.object({ Plan: node })]).parse(rows[0]?.["QUERY PLAN"]);
    expect(loopsOver("ext", plan)).toEqual([]);
  });
});
