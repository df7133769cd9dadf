import { expect, onTestFinished, test } from "vitest";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { sharedServer } from "../support/test-database.ts";
import { createPlayground } from "./playground.ts";

test("applying one statement takes few round trips, with its proof, its way back and its record", async () => {
  const { port } = await sharedServer(17);
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.close());
  const play = await createPlayground({
    settings: { rollbackWindowHours: 48 },
    files: {
      "20260101000000_first.sql": "create table first (id int primary key);\n",
      "20260101000001_second.sql": "alter table first add column note text;\n",
    },
    engineUrl: (url) => url.replace(`:${port}/`, `:${proxy.port}/`),
  });
  await play.apply({ version: "20260101000000" });
  // What is sent together would else be answered in part before the rest of it goes through.
  proxy.delayAnswers(25);
  const before = proxy.roundTrips();
  expect((await play.apply()).migrations).toMatchObject([{ outcome: "applied" }]);
  // 32; 79 where nothing is sent together and the types of parameters are asked for first.
  expect(proxy.roundTrips() - before).toBeLessThanOrEqual(40);
});
