import { expect, it } from "vitest";
import { withShadow } from "../../src/engine/shadow/replay.ts";

it("ends the shadow and not the server for a loop without end, refuses data from a client, and goes on behind both", async () => {
  const files = [
    { path: "1.sql", sql: "create table a (id int);\ncopy a from stdin;" },
    {
      path: "2.sql",
      sql: "create table b (id int);\ndo $$ begin loop end loop; end $$;\ncreate table c (id int);",
    },
  ];
  const limits = { statementTimeoutMs: 10_000, memoryBytes: 3_000_000_000 };
  const { findings, tables } = await withShadow(
    { likeness: "postgres", files, limits },
    async ({ catalog, ...rest }) => ({
      ...rest,
      tables: [...catalog.facts.values()].filter(({ kind }) => kind === "table").map(({ id }) => id.name),
    }),
  );
  expect(findings).toMatchObject([
    { file: "1.sql", line: 2, sqlstate: "0A000" },
    { file: "2.sql", line: 2, cause: "The shadow was ended: it gave no answer within 10000 ms." },
  ]);
  expect(tables.toSorted()).toEqual(["a", "b", "c"]);
});
