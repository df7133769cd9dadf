import { needSession } from "../database/transport.ts";
import { EngineError } from "../errors.ts";
import { judgePhase, type PhaseVerdict } from "../execute/begin-phase.ts";
import { composePhase, parsePhase, readPhase } from "../files/phase-file.ts";
import { phasesFolderName } from "../files/phases-folder.ts";
import { readPhases } from "../history/read-phases.ts";
import type { PlannedPhase, RecordedPhase } from "../model/phase.ts";
import { planPhase } from "../plan/plan-phase.ts";
import type { SessionDatabase, MigrationFolder, PhaseFile } from "../ports.ts";
import type { CallContext, RunPhaseRequest } from "../requests.ts";
import { openTarget, type EngineContext } from "./context.ts";

/** A phase before anything is done. */
export interface PreparedPhase {
  readonly database: SessionDatabase;
  readonly folder: MigrationFolder;
  readonly planned: PlannedPhase;
  /** The file's shown path. */
  readonly file: string;
  /** True where the file has still to be written. */
  readonly isNew: boolean;
  readonly recorded: RecordedPhase | undefined;
  readonly verdict: PhaseVerdict;
}

/** Reads the phase that is asked for, from its file or the SQL that is to become it, and what is recorded of it. Writes nothing. */
export async function preparePhase(
  engine: EngineContext,
  request: RunPhaseRequest & { readonly phase: string },
  call: CallContext,
): Promise<PreparedPhase> {
  const asked = parsePhase(request.phase);
  const database = needSession(await openTarget(engine, call), "Running a phase");
  const folder = await engine.openFolder();
  const files = (await folder.readPhases()).filter(({ number }) => number === asked.number);
  const recorded = (await database.withSession(readPhases)).findLast(({ number }) => number === asked.number);
  const { planned, isNew } = await planAsked({ asked, request, files, now: engine.clock.now() });
  const { fileName } = planned.source;
  if (planned.batch !== undefined && database.target.pooling === "transaction")
    throw new EngineError(
      "needs_session",
      `${fileName} runs in batches under a lock of its session, and ${database.target.label} is a transaction pooler.`,
      { file: fileName },
    );
  const verdict = judgePhase(planned, recorded);
  return {
    database,
    folder,
    planned,
    file: `${folder.label}/${phasesFolderName}/${fileName}`,
    isNew,
    recorded,
    verdict,
  };
}

interface Asked {
  readonly asked: ReturnType<typeof parsePhase>;
  readonly request: RunPhaseRequest;
  readonly files: readonly PhaseFile[];
  readonly now: Date;
}

interface Planned {
  readonly planned: PlannedPhase;
  readonly isNew: boolean;
}

async function planAsked({ asked, request, files, now }: Asked): Promise<Planned> {
  const { number, name } = asked;
  const [file, another] = files;
  if (another !== undefined)
    throw new EngineError(
      "not_applicable",
      `Phase ${number} has two files: ${files.map(({ fileName }) => fileName).join(", ")}.`,
      { hint: "Give one of them another number." },
    );
  if (file !== undefined && name !== undefined && file.name !== name)
    throw new EngineError("name_taken", `Phase ${number} is ${file.name}, not ${name}.`, {
      file: file.fileName,
      hint: `Give phase: "${number}" to run that file, or take another number.`,
    });
  const known = file === undefined ? undefined : await planPhase(readPhase(file.fileName, textOf(file)));
  if (request.query === undefined) {
    if (known !== undefined) return { planned: known, isNew: false };
    throw new EngineError("file_not_found", `There is no file ${phasesFolderName}/${number}_….sql.`, {
      hint: "Call run_phase without arguments to see the phases, or give the SQL of a new one as query.",
    });
  }
  const given = await planGiven({ number, name, request, sql: request.query, now });
  if (known === undefined) return { planned: given, isNew: true };
  if (known.checksum === given.checksum) return { planned: known, isNew: false };
  throw new EngineError("file_exists", `${known.source.fileName} holds other SQL, or another key.`, {
    file: known.source.fileName,
    hint: "Edit the file and call run_phase without query, or take another number.",
  });
}

async function planGiven(given: {
  readonly number: string;
  readonly name: string | undefined;
  readonly request: RunPhaseRequest;
  readonly sql: string;
  readonly now: Date;
}): Promise<PlannedPhase> {
  const { number, name, request, sql, now } = given;
  if (name === undefined)
    throw new EngineError("name_required", `Phase ${number} was given with SQL and without a name.`, {
      hint: `Give number and name, such as phase: "${number}_move_orders".`,
    });
  if (sql.trim() === "") throw new EngineError("empty_sql", "The query is empty.");
  const { key, batchSize } = request;
  const text = composePhase({ number, name }, { sql, batching: { key, batchSize }, date: now });
  return planPhase(readPhase(`${number}_${name}.sql`, text));
}

function textOf({ fileName, content }: PhaseFile): string {
  if (content.kind === "sql") return content.sql;
  throw new EngineError("file_not_readable", `${fileName}: ${content.message}`, { file: fileName });
}
