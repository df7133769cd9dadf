import { join } from "node:path";

/** Where a project's tokens are kept. */
export function tokenPath(projectDir: string): string {
  return join(projectDir, ".godwit", "tokens.json");
}
