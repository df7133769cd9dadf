import type { TransactionVerb } from "../sql/classify.ts";

/** One statement as far as transaction control goes; `verb` is undefined for every other statement. */
export interface ControlView {
  readonly verb: TransactionVerb | undefined;
  /** BEGIN with an isolation level, COMMIT AND CHAIN. */
  readonly hasOptions: boolean;
  /** DO or CALL whose body commits or rolls back. */
  readonly controlsInside: boolean;
}

export type ControlVerdict =
  /** Indexes of the BEGIN and COMMIT that say what we do anyway: recorded, not sent. */
  | { readonly kind: "allowed"; readonly notSent: ReadonlySet<number> }
  | { readonly kind: "refused"; readonly index: number; readonly reason: string };

const insideTransaction = new Set<TransactionVerb | undefined>([
  undefined,
  "SAVEPOINT",
  "RELEASE",
  "ROLLBACK TO",
]);

/**
 * Decides whether a file can run in the one transaction that we open. A plain BEGIN, with a plain COMMIT as the last
 * statement, asks for just that. Anything else would end our transaction early, or leave one open (decision 0005).
 */
export function judgeTransactionControl(statements: readonly ControlView[]): ControlVerdict {
  const notSent = new Set<number>();
  let isOpen = false;
  for (const [index, statement] of statements.entries()) {
    const reason = refusalOf(statement, { isOpen, isLast: index === statements.length - 1 });
    if (reason !== undefined) return { kind: "refused", index, reason };
    if (isBegin(statement) || statement.verb === "COMMIT") notSent.add(index);
    if (isBegin(statement)) isOpen = true;
    if (statement.verb === "COMMIT") isOpen = false;
  }
  if (!isOpen) return { kind: "allowed", notSent };
  const index = Math.min(...notSent);
  return { kind: "refused", index, reason: "BEGIN opens a transaction that the file never commits" };
}

function refusalOf(
  statement: ControlView,
  at: { readonly isOpen: boolean; readonly isLast: boolean },
): string | undefined {
  if (statement.controlsInside) return "the block commits or rolls back inside itself";
  if (insideTransaction.has(statement.verb)) return undefined;
  if (statement.hasOptions) return "its options cannot be kept in the transaction that the migration runs in";
  if (isBegin(statement)) return at.isOpen ? "a transaction is open already" : undefined;
  if (statement.verb === "COMMIT" && at.isLast) return undefined;
  if (statement.verb === "COMMIT")
    return "COMMIT in the middle would leave half of the migration applied if the rest fails";
  return "it would end the transaction that the migration runs in";
}

function isBegin({ verb }: ControlView): boolean {
  return verb === "BEGIN" || verb === "START TRANSACTION";
}
