import { runOnThread } from "./thread.ts";
import { isFingerprintKnown, rememberFingerprint, sqlFingerprint } from "./token-stream.ts";

/** Below this, the caller waits for less than a thread takes to start and to answer (measured: 1 MB in 70 ms). */
const longestHere = 1024 * 1024;

/** One thread at a time: a folder of long files would take the memory of many. */
let lastThread: Promise<unknown> = Promise.resolve();

/** As `sqlFingerprint`, computed on a thread of its own where the text is long and was not asked about before. */
export async function fingerprintAside(sql: string): Promise<string> {
  if (sql.length > longestHere && !isFingerprintKnown(sql)) {
    // What our own program sends.
    const receive = (fingerprint: unknown) => rememberFingerprint(sql, fingerprint as string);
    const run = () => runOnThread({ program: "fingerprint-thread", input: sql, doing: "Reading", receive });
    // What no thread can do is done below.
    lastThread = lastThread.then(run).catch(() => undefined);
    await lastThread;
  }
  return sqlFingerprint(sql);
}
