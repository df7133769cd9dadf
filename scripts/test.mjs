// `npm test`: makes the checkout ready, runs the checks and all tests, and ends with one line: N passed, N failed.
// Arguments are handed on to vitest; then the checks are left out.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache } from "./bundle-sources.mjs";
import { prepare } from "./prepare.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const report = join(cache, `vitest-${process.pid}.json`);
const chosen = process.argv.slice(2);

await prepare();
const { runChecks } = await import("./check.mjs");
// Beside the tests, of whose time a third is waiting.
const [checked, tested] = await Promise.all([
  chosen.length === 0 ? runChecks() : { passed: 0, failed: 0, printed: "" },
  runTests(),
]);
const failed = checked.failed + tested.failed;
// Where nobody has to look for it among the tests.
if (checked.failed > 0) console.log(checked.printed);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${checked.passed + tested.passed} passed, ${failed} failed`);

async function runTests() {
  mkdirSync(cache, { recursive: true });
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...chosen,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const counted = readCounts();
  // An error outside any test fails the run though no test failed.
  return code === 0 ? counted : { ...counted, failed: Math.max(counted.failed, 1) };
}

function readCounts() {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  rmSync(report, { force: true });
  // A file that cannot be loaded has no tests to count.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + (numFailedTestSuites > 0 ? broken.length : 0) };
}
