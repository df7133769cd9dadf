// Drives the built program with a real MCP client through its main job, on a copy of the example project.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "dist", "godwit.js");
const folder = mkdtempSync(join(tmpdir(), "godwit-demo-"));
const project = join(folder, "crm");

/** Rows of a list that one answer shows here; the client receives all. */
const shownRows = 8;

try {
  cpSync(join(root, "examples", "crm"), project, { recursive: true });
  say("A CRM project. Its database has 65 applied migrations, its repository 8 files (examples/crm).");
  makeDatabase();
  await workAsAgent();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The state that the team finds: everything applied from a folder that the repository does not have. */
function makeDatabase() {
  say("Making that database, embedded, with no server and no Docker …");
  const args = [
    "apply-migration",
    "--log-level",
    "error",
    "--migrations-dir",
    "database/migrations",
    "--json",
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: project,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The example's database could not be made:\n${stdout}${stderr}`);
  console.log(`  ${JSON.parse(stdout).summary}`);
}

async function workAsAgent() {
  const client = new Client({ name: "godwit-demo", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, "--log-level", "error"],
      cwd: project,
    }),
  );
  try {
    say("An agent connects over stdio and asks how files and history stand.");
    await call(client, "list_migrations", {});
    say("What differs, and how to mend it.");
    await call(client, "detect_drift", {});
    say("It writes a migration: a file with a header, nothing is run.");
    const created = await call(client, "create_migration", {
      name: "add_opportunity_forecast",
      query:
        "alter table public.opportunities add column probability smallint check (probability between 0 and 100);",
    });
    say("It rehearses all that is pending, in a transaction that is rolled back.");
    const rehearsed = await call(client, "apply_migration", { dry_run: true });
    say("It applies exactly what was rehearsed.");
    await call(client, "apply_migration", { confirm: rehearsed.plan_id });
    say(
      "It would drop a column that holds values. The answer says what is lost, and nothing happens without a yes.",
    );
    const drop = {
      name: "drop_product_price",
      query: "alter table public.products drop column price;",
    };
    const asked = await call(client, "apply_migration", drop);
    say("Its person agrees; this client cannot show questions, so the plan's id says so.");
    await call(client, "apply_migration", { ...drop, confirm: asked.plan_id });
    say("A mistake: the answer names file, line and cause, and the database is unchanged.");
    await call(client, "apply_migration", {
      name: "index_probability",
      query: "create index on public.opportunities (probabilty);",
    });
    say("It looks at the result, read-only.");
    await call(client, "execute_sql", {
      query: `select column_name, data_type from information_schema.columns where table_name = 'opportunities' and column_name in ('probability', 'lost_reason')`,
    });
    say(
      `Done. ${created.file} and its history row have the same version; the Supabase CLI sees both as applied.`,
    );
  } finally {
    await client.close();
  }
}

async function call(client, name, args) {
  console.log(`\n→ ${name} ${JSON.stringify(args)}`);
  const { structuredContent } = await client.callTool({ name, arguments: args });
  for (const [key, value] of Object.entries(structuredContent)) printField(key, value);
  return structuredContent;
}

function printField(key, value) {
  if (!Array.isArray(value))
    return console.log(`  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  console.log(`  ${key}:`);
  for (const item of value.slice(-shownRows))
    console.log(`    ${typeof item === "string" ? item : JSON.stringify(item)}`);
  if (value.length > shownRows) console.log(`    … and ${value.length - shownRows} before them`);
}

function say(sentence) {
  console.log(`\n# ${sentence}`);
}
