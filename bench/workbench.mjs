// What the benchmarks share: the sources as one bundle, an engine's ordinary settings, a clock, and the median.
import { fileURLToPath } from "node:url";

export { bundleSources } from "../scripts/bundle-sources.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The program's own settings for a database and a project's folder. */
export function engineSettings(target, projectDir) {
  return {
    target,
    projectDir,
    readOnly: false,
    lockTimeoutMs: 2_000,
    lockWaitMs: 60_000,
    statementTimeoutMs: 600_000,
    queryTimeoutMs: 15_000,
    observe: () => undefined,
  };
}

/** Milliseconds that a piece of work takes. */
export async function timeOf(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
