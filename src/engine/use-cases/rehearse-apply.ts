import { sql } from "../database/sql.ts";
import { needSession, readFrom } from "../database/transport.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { RehearsalPlace } from "../execute/rehearsal-limits.ts";
import { rehearse, type Rehearsal } from "../execute/rehearse.ts";
import type { CommitGate, RunContext } from "../execute/run-context.ts";
import { guardEffects, type EffectsJudge } from "../execute/watch-effects.ts";
import type { Loss } from "../model/loss.ts";
import type { Database, Session, SessionDatabase } from "../ports.ts";
import type { ApplyAnswer } from "../report/apply-answer.ts";
import { listReasons } from "../report/describe-script.ts";
import type { CallContext } from "../requests.ts";
import type { EngineContext } from "./context.ts";
import { runContext } from "./open-run.ts";
import type { Prepared } from "./prepare-apply.ts";
import { undoOf } from "./undo-of.ts";
import { withLiveCopy, type LiveSchema } from "./with-live-copy.ts";

/** What one statement of a rehearsal may wait for a lock on the target: a waiting ALTER makes every reader behind it wait. */
const rehearsalLockTimeoutMs = 200;

interface RehearsalOrder {
  readonly prepared: Prepared;
  readonly place: RehearsalPlace;
  readonly losses: readonly Loss[];
  /** Hears what each migration does to the rows of the target; a copy has none. */
  readonly judge: EffectsJudge;
  readonly gate?: CommitGate;
}

/** Rehearses a prepared plan on the target, or on a copy of its schema; nothing is written either way. */
export async function rehearseApply(
  engine: EngineContext,
  call: CallContext,
  { prepared, place, losses, judge, gate }: RehearsalOrder,
): Promise<Omit<ApplyAnswer, "settled" | "spec">> {
  const { database, folder } = prepared.project;
  const { migrations } = prepared.plan;
  const run: Run = (on, session) =>
    rehearse(
      {
        ...rehearsalContext(engine, call, on),
        session,
        ...undoOf(engine, { database: on, losses, isAlone: true, purges: "nothing" }),
        ...(place === "target" ? { guard: guardEffects(judge) } : {}),
        ...(gate === undefined ? {} : { gate }),
      },
      migrations,
      place,
    );
  const { rehearsal, notCopied } =
    place === "target"
      ? { rehearsal: await rehearseOnTarget(database, run), notCopied: [] }
      : await withLiveCopy(engine, await readLive(database), async (copy) => ({
          rehearsal: await run(copy.database, copy.session),
          notCopied: listReasons(copy.made),
        }));
  const rehearsed = { rehearsal, place, migrations, folder: folder.label, notCopied };
  return { ...prepared, rehearsed, ends: rehearsal.ends };
}

type Run = (on: SessionDatabase, session: Session) => Promise<Rehearsal>;

function rehearseOnTarget(target: Database, run: Run): Promise<Rehearsal> {
  const hint =
    'Rehearse with rehearse_on: "copy", which only reads the schema, or give the database\'s address with --database-url.';
  const database = needSession(target, "A dry run on the target", hint);
  return database.withSession((session) => run(database, session));
}

async function readLive(database: Database): Promise<LiveSchema> {
  const roles = await readFrom(database, (reader) =>
    reader.run(sql`select r.rolname as name from pg_catalog.pg_roles r where r.rolname !~ '^pg_'`),
  );
  return { catalog: await readLiveSchema(database), roles: roles.rows.map((row) => String(row["name"])) };
}

function rehearsalContext(
  engine: EngineContext,
  call: CallContext,
  database: SessionDatabase,
): Omit<RunContext, "session"> {
  const { lockTimeoutMs, rehearsalTimeoutMs } = engine.limits;
  const limits = {
    lockTimeoutMs: Math.min(lockTimeoutMs, rehearsalLockTimeoutMs),
    statementTimeoutMs: rehearsalTimeoutMs,
  };
  return {
    ...runContext(engine, call, { database, runId: "not recorded" }),
    limits,
    isHostedShape: false,
  };
}
