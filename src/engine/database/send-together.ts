/**
 * What several calls on one session answer that were made without waiting for each other: what they send goes in the order of the
 * calls, in one round trip. Waits for all, and then throws what the first of them threw that failed; the server went on to the
 * others, so they must be such as do no harm then.
 */
export async function sendTogether<T extends readonly unknown[]>(
  ...calls: { readonly [K in keyof T]: Promise<T[K]> }
): Promise<T> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}
