// Measures apply_migration of one small migration in a schema of many tables, beside its floor: the same SQL in one transaction on the plain
// driver. With and without looking for the way back, on a server and embedded. Prints medians, the ratio, and how many statements were sent
// and how many schemas were looked at and sent.
// Usage: node scripts/build.mjs && node bench/apply.mjs [runs] [tables]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleSources, engineSettings, median, root, timeOf } from "./workbench.mjs";

const runs = Number(process.argv[2] ?? 20);
const tables = Number(process.argv[3] ?? 100);

const { createEngineOn, openDatabase, userStatement, startServer } = await bundleSources(
  `
  export { createEngineOn } from "./src/engine/engine.ts";
  export { openDatabase } from "./src/engine/database/open-database.ts";
  export { userStatement } from "./src/engine/database/sql.ts";
  export { startServer } from "./test/support/postgres-server.ts";`,
  // The embedded database's image lies beside the built program.
  join(root, "dist"),
);

const sqlOf = (name) => [
  `create table public.${name} (id bigint generated always as identity primary key, body text not null)`,
  `alter table public.${name} enable row level security`,
];

const server = await startServer({ major: 17 });
try {
  await measure("PostgreSQL 17", { kind: "postgres", url: server.url });
  await measure("embedded", { kind: "embedded", dataDir: "memory" });
} finally {
  await server.stop();
}

async function measure(label, target) {
  const projectDir = await mkdtemp(join(tmpdir(), "godwit-bench-"));
  const database = await openDatabase(target);
  const seen = { statements: 0, looks: 0, sent: 0 };
  const engineOf = (rollbackWindowHours) =>
    createEngineOn({ ...engineSettings(target, projectDir), rollbackWindowHours }, async () =>
      counting(database, seen),
    );
  const plain = engineOf(0);
  const proving = engineOf(48);
  try {
    await runPlainly(database, Array.from({ length: tables }, (_, index) => sqlOf(`there_${index}`)).flat());
    const times = { floor: [], plain: [], proving: [] };
    for (let run = -3; run < runs; run += 1) {
      const id = run + 3;
      const floorMs = await timeOf(() => runPlainly(database, sqlOf(`floor_${id}`)));
      const plainMs = await timeOf(() => apply(plain, `plain_${id}`));
      Object.assign(seen, { statements: 0, looks: 0, sent: 0 });
      const provingMs = await timeOf(() => apply(proving, `proving_${id}`));
      if (run < 0) continue;
      times.floor.push(floorMs);
      times.plain.push(plainMs);
      times.proving.push(provingMs);
    }
    const floorMs = median(times.floor);
    const show = (name, ms) =>
      console.log(`${name.padEnd(22)}${ms.toFixed(1).padStart(7)} ms  ${(ms / floorMs).toFixed(1)} times`);
    console.log(`${label}, ${tables} tables, median of ${runs}`);
    show("plain driver", floorMs);
    show("apply", median(times.plain));
    show("apply, way back tried", median(times.proving));
    console.log(
      `${seen.statements} statements sent with it, ${seen.looks} looks at the schema, ${seen.sent} of them sent`,
    );
  } finally {
    await database.close();
    await rm(projectDir, { recursive: true, force: true });
  }
}

async function apply(engine, name) {
  const { status, failure } = await engine.applyMigration(
    { name, query: `${sqlOf(name).join(";\n")};\n` },
    {},
  );
  if (status !== "applied") throw new Error(`${name}: ${status} ${JSON.stringify(failure)}`);
}

function runPlainly(database, statements) {
  return database.withSession(async (session) => {
    for (const text of ["begin", ...statements, "commit"]) await session.run(userStatement(text));
  });
}

/** The same database, counting what is sent to it. */
function counting(database, seen) {
  const count = async (query, result) => {
    seen.statements += 1;
    const { rows } = await result;
    if (!query.text.includes("pinned as materialized")) return;
    seen.looks += 1;
    if (rows[0]?.snapshot !== null) seen.sent += 1;
  };
  const withSession = (use) =>
    database.withSession((session) =>
      use({
        ...session,
        run: async (query) => {
          const result = session.run(query);
          await count(query, result);
          return result;
        },
      }),
    );
  return { ...database, withSession };
}
