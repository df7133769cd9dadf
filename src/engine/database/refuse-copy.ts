import { DatabaseError } from "../errors.ts";

/**
 * Throws for COPY from or to the client: no data stream stands behind a statement here, and both drivers would wait for one forever.
 * A COPY that only names stdin or stdout inside its query is refused too.
 */
export function assertNoClientCopy(text: string): void {
  if (!clientCopy.test(text)) return;
  throw new DatabaseError(
    { sqlstate: "0A000", message: "COPY from stdin or to stdout is not supported: there is no data stream." },
    false,
  );
}

/** COPY as the first word after white space and comments, with stdin or stdout somewhere behind it. */
const clientCopy = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*copy\b[^]*\bstd(?:in|out)\b/i;
