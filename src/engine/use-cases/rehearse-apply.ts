import { sql } from "../database/sql.ts";
import { readLiveCatalog } from "../execute/read-live-catalog.ts";
import { rehearse, type Rehearsal, type RehearsalPlace } from "../execute/rehearse.ts";
import type { RunContext } from "../execute/run-context.ts";
import { guardEffects, type EffectsJudge } from "../execute/watch-effects.ts";
import type { Loss } from "../model/loss.ts";
import type { Database, Session } from "../ports.ts";
import type { ApplyAnswer } from "../report/describe-apply.ts";
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
}

/** Rehearses a prepared plan on the target, or on a copy of its schema; nothing is written either way. */
export async function rehearseApply(
  engine: EngineContext,
  call: CallContext,
  { prepared, place, losses, judge }: RehearsalOrder,
): Promise<Omit<ApplyAnswer, "settled">> {
  const { database, folder } = prepared.project;
  const { migrations } = prepared.plan;
  const run = (on: Database, session: Session): Promise<Rehearsal> =>
    rehearse(
      {
        ...rehearsalContext(engine, call, on),
        session,
        ...undoOf(engine, { database: on, losses, isAlone: true }),
        ...(place === "target" ? { guard: guardEffects(judge) } : {}),
      },
      migrations,
      place,
    );
  const { rehearsal, notCopied } =
    place === "target"
      ? { rehearsal: await database.withSession((session) => run(database, session)), notCopied: [] }
      : await withLiveCopy(
          engine,
          await database.withSession((session) => readLive(database, session)),
          async (copy) => ({
            rehearsal: await run(copy.database, copy.session),
            notCopied: copy.notCopied,
          }),
        );
  const rehearsed = { rehearsal, place, migrations, folder: folder.label, notCopied };
  return { ...prepared, rehearsed, ends: rehearsal.ends };
}

async function readLive(database: Database, session: Session): Promise<LiveSchema> {
  const { rows } = await session.run(sql`
    select r.rolname as name from pg_catalog.pg_roles r where r.rolname !~ '^pg_'`);
  return {
    catalog: await readLiveCatalog(database, session),
    roles: rows.map((row) => String(row["name"])),
  };
}

function rehearsalContext(
  engine: EngineContext,
  call: CallContext,
  database: Database,
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
