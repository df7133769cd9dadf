import { readCatalog } from "../catalog/read-catalog.ts";
import { sql } from "../database/sql.ts";
import { needSession } from "../database/transport.ts";
import { errorCodeOf } from "../error-code.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import { cancellable } from "../execute/cancellable.ts";
import { beginTransaction, rollback } from "../execute/transaction.ts";
import { writeOutput } from "../files/write-output.ts";
import type { VerifySchemaReport } from "../model/verify-report.ts";
import type { Session, SessionDatabase } from "../ports.ts";
import { describeVerification } from "../report/describe-verification.ts";
import type { CallContext, VerifySchemaRequest } from "../requests.ts";
import { readSpec } from "../verify/read-spec.ts";
import { lookInSql } from "../verify/over-http/look-in-sql.ts";
import { runSpec } from "../verify/run-spec.ts";
import { writeStarter } from "../verify/write-starter.ts";
import { askProjectApi } from "./ask-project-api.ts";
import { assertWritable, newFence, openTarget, type EngineContext } from "./context.ts";
import { findSpec, specNames, type FoundSpec } from "./find-spec.ts";

/** Judges the database by the project's spec, in a transaction that is rolled back; or writes a spec of what is so. */
export async function verifySchema(
  engine: EngineContext,
  request: VerifySchemaRequest,
  call: CallContext,
): Promise<VerifySchemaReport> {
  if (request.writeStarter === true) return start(engine, request, call);
  const { file, spec } = await specToJudge(engine, request.file);
  const database = needSession(await openTarget(engine, call), "Verifying a schema");
  const fence = newFence();
  const results = await inRolledBack({ engine, database, call }, (session) =>
    runSpec(session, spec, { isReadOnly: engine.readOnly, quote: fence.wrap }),
  );
  const overHttp = await askProjectApi(engine, {
    database,
    spec,
    signal: call.signal,
    lookInSql: (probes) =>
      inRolledBack({ engine, database, call }, (session) => lookInSql(session, probes, engine.readOnly)),
  });
  const isWhole = call.answerSize === "whole";
  const target = database.target.label;
  return describeVerification({ results, overHttp, target, file, isWhole, cursor: request.cursor }, fence);
}

async function specToJudge(engine: EngineContext, given: string | undefined): Promise<FoundSpec> {
  const found = await findSpec(engine.projectDir, given);
  if (found !== undefined) return found;
  const wanted = given ?? specNames.join(" or ");
  throw new EngineError("file_not_found", `There is no ${wanted} in the project's folder.`, {
    hint: "Call verify_schema { write_starter: true } to get one from the live schema.",
  });
}

async function start(
  engine: EngineContext,
  { file = "godwit.verify.yaml" }: VerifySchemaRequest,
  call: CallContext,
): Promise<VerifySchemaReport> {
  assertWritable(engine, "Writing a spec");
  if (!/\.ya?ml$/.test(file))
    throw new EngineError(
      "invalid_input",
      `verify_schema: file: ${JSON.stringify(file)} is not a .yaml file.`,
    );
  const database = needSession(await openTarget(engine, call), "Verifying a schema");
  const text = await inRolledBack({ engine, database, call }, async (session) =>
    writeStarter(session, await readCatalog(session)),
  );
  const compose = (existing: string | undefined): string => {
    if (existing === undefined) return text;
    throw new EngineError("file_exists", `${file} exists already and was left as it is.`, {
      file,
      hint: "Give another file, or call verify_schema alone to run this one.",
    });
  };
  const { shownPath } = await writeOutput({ projectDir: engine.projectDir, given: file, compose });
  return {
    summary: `Wrote ${shownPath} with ${readSpec(text, shownPath).checks.length} checks of what is so now.`,
    target: database.target.label,
    file: shownPath,
    counts: { passed: 0, failed: 0, skipped: 0 },
    checks: [],
    next_steps: ["Read it, keep what matters, and call verify_schema."],
  };
}

interface Place {
  readonly engine: EngineContext;
  readonly database: SessionDatabase;
  readonly call: CallContext;
}

/** Nothing of it stays; a read-only server does not even begin to write. */
function inRolledBack<T>(
  { engine, database, call }: Place,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { lockTimeoutMs, queryTimeoutMs } = engine.limits;
  return database.withSession((session) =>
    cancellable(session, call.signal, async () => {
      if (engine.readOnly) await session.run(sql`begin isolation level repeatable read read only`);
      else
        await beginTransaction(
          session,
          { lockTimeoutMs, statementTimeoutMs: queryTimeoutMs },
          database.target.engine,
        );
      try {
        return await work(session);
      } catch (error) {
        throw toVerifyError(error);
      } finally {
        await rollback(session);
      }
    }),
  );
}

/** What the database refused around the checks: repeats nothing of its text, which nobody has fenced here. */
function toVerifyError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const code = errorCodeOf(error);
  const { sqlstate } = error.fields;
  const message =
    code === "statement_timeout"
      ? "Judging the database took longer than one query may (--query-timeout)."
      : `The database could not be judged: it answered ${sqlstate}.`;
  return new EngineError(code, message, { sqlstate }, error);
}
