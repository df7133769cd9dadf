/** What is judged: something that reads a database and plans the way from one to another. */
export interface Subject<Snapshot> {
  readonly read: (url: string) => Promise<Snapshot>;
  readonly plan: (from: Snapshot, to: Snapshot) => Promise<SubjectPlan>;
}

/** A way from one schema to another. */
export interface SubjectPlan {
  /** One line a difference; none where it holds both sides equal. */
  readonly changes: readonly string[];
  /** Why a change has no SQL, one line each. */
  readonly refusals: readonly string[];
  /** Statements by the transaction that they run in; a group of one runs on its own. */
  readonly transactions: readonly (readonly string[])[];
}

/** Holds everything equal: what a judge must never let pass where the sides differ. */
export const blindSubject: Subject<undefined> = {
  read: async () => undefined,
  plan: async () => ({ changes: [], refusals: [], transactions: [] }),
};
