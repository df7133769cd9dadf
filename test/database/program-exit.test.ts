import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";

const root = join(import.meta.dirname, "../..");
/** Below the packages, so that the program finds them. */
const folder = join(root, "node_modules/.cache/godwit", `program-exit-${process.pid}`);

let created: TestDatabase;
beforeAll(async () => {
  created = await createDatabase();
  mkdirSync(folder, { recursive: true });
  await build({
    stdin: {
      resolveDir: root,
      loader: "ts",
      contents: `
        import { openPostgres } from "./src/engine/database/postgres.ts";
        import { sql } from "./src/engine/database/sql.ts";
        const database = openPostgres({ url: process.argv[2] ?? "" });
        const read = () => database.withSession((session) => session.run(sql\`select \${1}::int as one\`));
        const cancelled = database.withSession(async (session) => {
          session.run(sql\`select pg_sleep(30)\`).catch(() => undefined);
          setTimeout(() => session.cancel(), 50);
          await new Promise((resolve) => setTimeout(resolve, 200));
        });
        await Promise.all([read(), read(), cancelled]);
        await database.close();
        console.log("closed");`,
    },
    outfile: join(folder, "program.mjs"),
    ...{ bundle: true, platform: "node", format: "esm", packages: "external" },
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await created.drop();
});

test("a program that has closed its database ends by itself, with nothing on stdout but its own", async () => {
  const child = spawn(process.execPath, [join(folder, "program.mjs"), created.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  expect(await once(child, "close")).toEqual([0, null]);
  clearTimeout(timer);
  expect(Buffer.concat(output).toString()).toBe("closed\n");
});
