import { writeMigration } from "../../../src/engine/files/write-migration.ts";

/** Run as a process of its own by the tests: writes one file and prints `written` or the error's code. */
const [dir = "", projectDir = "", fileName = "", startAt = "0"] = process.argv.slice(2);
await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(startAt) - Date.now())));
try {
  await writeMigration({ dir, projectDir, fileName, sql: `-- ${process.pid}\nselect 1;\n` });
  process.stdout.write("written");
} catch (error) {
  process.stdout.write(error instanceof Error && "code" in error ? String(error.code) : String(error));
}
