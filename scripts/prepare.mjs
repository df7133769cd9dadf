// Makes the checkout ready to run: installs packages and builds the program, each only where needed. Needs Node and npm only.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs and builds; ends the program where the installation fails. */
export async function prepare() {
  assertNodeVersion();
  if (needsInstall()) install();
  // Imported late: it needs the packages.
  const { build } = await import("./build.mjs");
  if (await build()) console.error("Built dist/godwit.js.");
}

function assertNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Godwit needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

/** True where a package of the lock file is not installed in its version; npm writes its own list last, when all is there. */
function needsInstall() {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  const wanted = readPackages(join(root, "package-lock.json"));
  return Object.entries(wanted).some(
    ([path, { version, optional }]) =>
      path !== "" && optional !== true && installed[path]?.version !== version,
  );
}

function readPackages(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : {};
}

function install() {
  console.error("Installing packages (npm install; a minute or two the first time) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms, as one written behind a mirror does.
  const { status } = spawnSync(npm, ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error("npm install failed; see the lines above.");
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare();
