/** Hides the given secrets, and whatever looks like one, in a text that is about to leave the program. */
export type Redact = (text: string) => string;

const hidden = "[redacted]";

/** Shorter secrets would hide ordinary words; a password of three letters hides nothing worth hiding. */
const shortestSecret = 4;

/** Makes a redactor that knows these secrets as written, as JSON writes them, and percent-encoded. */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first: a part must not be replaced before the whole.
  const known = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  return (text) => hidePatterns(known.reduce((result, secret) => result.replaceAll(secret, hidden), text));
}

function hidePatterns(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'/@]*:[^\s"']*@/gi, `$1${hidden}@`)
    .replace(/\b(bearer +)[\w.~+/=-]{8,}/gi, `$1${hidden}`)
    .replace(
      /((?:password|passwd|secret|token|authorization|api_?key)["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi,
      `$1${hidden}`,
    );
}
