import type { PlannedStatement } from "../model/plan.ts";

/** What statements that cannot run in a transaction do to others, by their command (PostgreSQL 18, "Explicit Locking"). */
const effects: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:CREATE INDEX|REINDEX)/,
    "Reads the table twice under ShareUpdateExclusive, which lets reads and writes go on; waits for every older transaction. Interrupted, it leaves an invalid index, which the next run removes.",
  ],
  [
    /^DROP INDEX/,
    "Waits for the transactions that use the index, then takes it away; reads and writes go on.",
  ],
  [/^VACUUM/, "Reads the table; with FULL it writes it anew under AccessExclusive. Rows do not change."],
  [/^CLUSTER/, "Writes the tables anew under AccessExclusive."],
  [
    /^ALTER TABLE/,
    "Takes the partition out under ShareUpdateExclusive; waits for the transactions that use the table.",
  ],
  [/SUBSCRIPTION/, "Connects to the other server and makes or drops a replication slot there."],
  [/^(?:CREATE|DROP|ALTER) (?:DATABASE|TABLESPACE)/, "Changes the whole server, not this database's schema."],
  [/^ALTER SYSTEM/, "Changes the server's configuration file."],
  [/^ALTER TYPE/, "Adds a value that can be used once it is committed."],
];

/** What a statement that was not rehearsed is expected to do, in a sentence. */
export function expectedEffect({ command }: Pick<PlannedStatement, "command">): string {
  const found = effects.find(([pattern]) => pattern.test(command));
  return found?.[1] ?? "Runs by itself and is committed at once: nothing after it can take it back.";
}
