import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../.cache/drift-sights");

// Read at the start: what they are while this process runs may be another's next version.
const sources = ["sight-cache.ts", "pg-dump.ts", "catalog-oracle.ts", "run-script.ts"].map((file) =>
  readFileSync(join(import.meta.dirname, file), "utf8"),
);

/** What the referees saw of a loaded script never changes while their own code does not, so that it is looked at once. */
export async function cached<T>(ingredients: readonly string[], look: () => Promise<T>): Promise<T> {
  const hash = createHash("sha256");
  for (const text of [...sources, ...ingredients]) hash.update(`${text.length}:${text}`);
  const path = join(folder, `${hash.digest("hex").slice(0, 32)}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  const value = await look();
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(value));
  renameSync(draft, path);
  return value;
}
