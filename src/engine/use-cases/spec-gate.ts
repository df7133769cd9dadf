import { sql } from "../database/sql.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { CommitGate } from "../execute/run-context.ts";
import { isStepwise } from "../execute/run-plan.ts";
import { leaveSettings } from "../execute/transaction.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { CheckResult, SpecNote, SpecVerdict } from "../model/verify-report.ts";
import type { Database, Session } from "../ports.ts";
import { describeUnmet } from "../report/describe-verification.ts";
import type { Fence } from "../report/fence.ts";
import { runSpec } from "../verify/run-spec.ts";
import type { EngineContext } from "./context.ts";
import { findSpec, type FoundSpec } from "./find-spec.ts";
import type { Project } from "./read-project.ts";

/** The project's spec before a commit: what asks it, or why it is not asked. */
export interface SpecGate {
  /** What a run needs; empty where the spec is not asked. */
  readonly forRun: { readonly gate?: CommitGate };
  /** What became of it so far. */
  readonly note: () => SpecNote;
}

/** Where there is no spec, or nothing to ask it about. */
export const noGate: SpecGate = { forRun: {}, note: () => ({}) };

interface GatedRun {
  readonly database: Database;
  readonly fence: Fence;
  /** Why this run cannot be judged, as what follows "not judged before the commit:"; asked where there is a spec. */
  readonly findObstacle: () => string | undefined | Promise<string | undefined>;
}

/** Reads the project's spec for a run that is about to begin. Throws `invalid_spec`, `arguments_conflict`, `file_not_readable`. */
export async function openSpecGate(engine: EngineContext, run: GatedRun): Promise<SpecGate> {
  if (!engine.verifyBeforeCommit) return noGate;
  const found = await findSpec(engine.projectDir, undefined);
  if (found === undefined) return noGate;
  const obstacle = await run.findObstacle();
  if (obstacle === undefined) return gateBySpec(engine, found, run);
  const later = run.database.transport === "session" ? " verify_schema {} judges the database as it is." : "";
  const unasked = `${found.file} was not judged before the commit: ${obstacle}.${later}`;
  return { ...noGate, note: () => ({ unasked }) };
}

/** What keeps a plan of migrations from being judged as a whole; the spec says what is so when no file is pending. */
export function findGateObstacle(
  { database, reconciliation }: Project,
  migrations: readonly PlannedMigration[],
): string | undefined {
  const planned = new Set<string>(migrations.map(({ version }) => version));
  const left = reconciliation.statuses.filter(
    (status) => status.kind === "pending" && !planned.has(status.file.version),
  ).length;
  const last = migrations.at(-1);
  if (database.transport === "batch") return "the Management API gives no session to judge it in";
  if (left > 0)
    return `${left === 1 ? "a file stays" : `${left} files stay`} pending, and it says what is so after all of them`;
  return last !== undefined && isStepwise(last)
    ? `${last.fileName} holds a statement that cannot run in a transaction`
    : undefined;
}

function gateBySpec(
  engine: EngineContext,
  { file, spec }: FoundSpec,
  { database, fence }: GatedRun,
): SpecGate {
  let results: readonly CheckResult[] | undefined;
  return {
    forRun: {
      gate: async (session) => {
        await leaveSettings(session, database.target.engine);
        await session.run(sql`savepoint godwit_gate`);
        await session.run(limits(engine));
        results = await withoutContention(session, (watched) =>
          runSpec(watched, spec, { isReadOnly: false, quote: fence.wrap }),
        );
        await session.run(sql`rollback to savepoint godwit_gate`);
        await session.run(sql`release savepoint godwit_gate`);
        const unmet = describeUnmet({ file, results }, fence);
        if (unmet !== undefined) throw new EngineError("spec_not_met", unmet);
      },
    },
    note: () => (results === undefined ? {} : { verified: toVerdict(file, results) }),
  };
}

/** The migration's locks are held meanwhile: a check waits no longer for a lock, or for its answer, than a rehearsal's statement. */
function limits({ limits: { lockTimeoutMs, rehearsalTimeoutMs } }: EngineContext) {
  return sql`
    select
      set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
      set_config('statement_timeout', ${String(rehearsalTimeoutMs)}, true)`;
}

/** SQLSTATEs of another session that is in the way. */
const contention: ReadonlySet<string> = new Set(["55P03", "40P01", "40001"]);

/** What another session kept a check from knowing is no verdict: it is thrown, so that the whole transaction is tried again. */
async function withoutContention<T>(session: Session, work: (watched: Session) => Promise<T>): Promise<T> {
  const met: DatabaseError[] = [];
  const run: Session["run"] = (query) =>
    session.run(query).catch((error: unknown) => {
      if (error instanceof DatabaseError && contention.has(error.fields.sqlstate)) met.push(error);
      throw error;
    });
  const result = await work({ ...session, run });
  const [first] = met;
  if (first !== undefined) throw first;
  return result;
}

function toVerdict(file: string, results: readonly CheckResult[]): SpecVerdict {
  const count = (outcome: CheckResult["outcome"]) =>
    results.filter((each) => each.outcome === outcome).length;
  const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
  return { file, passed, ...(failed === 0 ? {} : { failed }), ...(skipped === 0 ? {} : { skipped }) };
}
