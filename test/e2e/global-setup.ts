import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Vitest's global set-up: the end-to-end tests drive the built program, so it is built where the sources are newer. */
export default function setup(): void {
  const script = fileURLToPath(new URL("../../scripts/prepare.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error("The program could not be built.");
}
