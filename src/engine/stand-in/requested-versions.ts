/** An extension version that SQL text asks for. */
export type RequestedVersion = { readonly name: string; readonly version: string };

const createExtension =
  /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|(\w+))\s+(?:with\s+)?(?:schema\s+(?:"[^"]+"|\w+)\s+)?version\s+(?:'([^']+)'|"([^"]+)"|([\w.]+))/gi;

// A version becomes part of a file name: PostgreSQL refuses `--` and path separators in it too (src/backend/commands/extension.c).
const isUsable = (version: string): boolean =>
  /^[\w.+~-]+$/.test(version) && !version.includes("--") && !/^-|-$/.test(version);

/** The versions that `create extension … version '…'` statements in a text ask for. Text in comments and strings counts too: an extra file harms nothing. */
export const requestedVersions = (sql: string): readonly RequestedVersion[] =>
  [...sql.matchAll(createExtension)]
    .map(([, quotedName, plainName, text, quoted, plain]) => ({
      name: quotedName ?? plainName?.toLowerCase() ?? "",
      version: text ?? quoted ?? plain ?? "",
    }))
    .filter(({ version }) => isUsable(version));
