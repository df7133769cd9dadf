import { sql } from "../database/sql.ts";
import { readFrom } from "../database/transport.ts";
import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { readSetUpRows } from "../catalog/set-up-rows.ts";
import { explainChanges } from "../compare/explain-changes.ts";
import { EngineError } from "../errors.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { Catalog } from "../model/catalog.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { MigrationStatus } from "../model/reconciliation.ts";
import type { SetUpRows } from "../model/set-up-rows.ts";
import { compareVersions, type Version } from "../model/version.ts";
import { isBaseline } from "../plan/baseline/baseline-mark.ts";
import { findSquash } from "../plan/baseline/find-squash.ts";
import type { Replaced } from "../plan/baseline/choose-replaced.ts";
import { planBaseline } from "../plan/baseline/plan-baseline.ts";
import { digestHistory } from "../plan/plan-id.ts";
import type { Session } from "../ports.ts";
import { summarizeBaseline } from "../report/describe-baseline.ts";
import type { Standing } from "../report/explain-unproved.ts";
import { proveReplayed } from "../shadow/prove-files.ts";
import { isCommentOnly } from "../sql/split.ts";
import { writableRows } from "../plan/baseline/write-rows.ts";
import { appliedBeside } from "./baseline-target.ts";
import { comparable } from "../compare/sort-changes.ts";
import type { EngineContext } from "./context.ts";
import { readStages } from "./explain-by-pending.ts";
import { splitForHistory, toReplay, type DraftedBaseline } from "./draft-baseline.ts";
import { withEmptyShadow } from "./open-shadow.ts";
import type { Project } from "./read-project.ts";

/**
 * Takes over a baseline that the folder has already, Godwit's own made for another database or anybody's squash: this database has applied what it
 * stands for.
 * Only rows change, once baseline and later migrations are proved to lead to this database's schema. Throws `not_applicable`.
 */
export async function draftKnownBaseline(engine: EngineContext, project: Project): Promise<DraftedBaseline> {
  const file = findBaseline(project);
  const replaced = chooseKnownReplaced(project, file);
  const live = await readLiveSchema(project.database);
  const rows = await readFrom(project.database, (reader) => readSetUpRows(reader, live));
  const proof = await prove(engine, { project, file, replaced, live, rows });
  const { version, name, fileName } = file;
  const schema = fingerprintSchema(live);
  const statements = await splitForHistory({ version, name, fileName, sql: file.sql });
  const target = project.database.target;
  return {
    ...proof,
    from: "baseline",
    standing: standingOf(project, file),
    replaced,
    fileName,
    text: file.sql,
    live,
    schema,
    plan: planBaseline({
      replaced,
      name,
      checksum: file.checksum,
      statements,
      target: target.id,
      expectsHistory: digestHistory(project.history),
      expectsSchema: schema.digest,
      files: project.contents.files,
      sha256: new Map(),
      summary: summarizeBaseline({ replaced, fileName, from: "baseline", target: target.label }),
    }),
    statements: statements.filter((text) => !isCommentOnly(text)).length,
    isProved: [proof.differences, proof.failures, proof.rowDifferences].every((list) => list.length === 0),
    refusals: [],
    pendingFailures: [],
    leftOut: [],
    unread: rows.unread,
    unmodelled: [],
  };
}

interface Claim {
  readonly project: Project;
  readonly file: BaselineFile;
  readonly replaced: Replaced;
  readonly live: Catalog;
  readonly rows: SetUpRows;
}

/** Replays the baseline and what was applied beside what it stands for; where they do not lead to the live schema, pending files may. */
async function prove(engine: EngineContext, claim: Claim) {
  const { project, file, replaced, live, rows } = claim;
  const files = [...toReplay(project, [file]), ...appliedBeside(project, new Set(replaced.versions))];
  return withEmptyShadow(engine, { project, live, files }, async (shadow) => {
    const proof = await proveReplayed(shadow, {
      live,
      rows: writableRows(rows),
      isComparable: (change) => comparable([change]).length > 0,
    });
    if (proof.differences.length === 0) return proof;
    const pending = toReplay(project, replaced.pending);
    const stages = await readStages({ shadow, live, pending, startClean });
    return { ...proof, explained: explainChanges(proof.differences, stages) };
  });
}

async function startClean(session: Session): Promise<void> {
  await session.run(sql`discard all`);
}

/** How the history is made to say without a proof that the file has run. */
function standingOf({ reconciliation }: Project, { version, fileName }: BaselineFile): Standing {
  const isIts = (status: MigrationStatus): boolean =>
    status.kind !== "missing_file" && status.file?.fileName === fileName;
  const kind = reconciliation.statuses.find(isIts)?.kind;
  const isRecorded = kind === "applied" || kind === "edited";
  return { version, action: isRecorded ? "accept_file" : "mark_applied", isPending: kind === "pending" };
}

type BaselineFile = MigrationFile & {
  readonly sql: string;
  readonly checksum: string;
  readonly madeBy: "godwit" | "others";
  /** What it stands for beside everything recorded up to its own version. */
  readonly standsFor: readonly Version[];
};

function findBaseline({ contents, reconciliation }: Project): BaselineFile {
  const own = contents.files.findLast(({ content }) => content.kind === "sql" && isBaseline(content.sql));
  const squash = own === undefined ? findSquash(reconciliation) : undefined;
  const found = own ?? squash?.file;
  if (found?.content.kind === "sql") {
    const { sql, checksum } = found.content;
    const madeBy = own === undefined ? "others" : "godwit";
    return { ...found, sql, checksum, madeBy, standsFor: squash?.standsFor ?? [] };
  }
  throw new EngineError(
    "not_applicable",
    "The migrations folder holds no baseline that Godwit has written, and its first file stands for nothing: a squash is a first file that never ran or was rewritten, while recorded migrations before it, or right after it, have no file any more.",
    {
      hint: "Call create_baseline without from to make one from the live schema.",
    },
  );
}

function chooseKnownReplaced({ history, reconciliation }: Project, file: BaselineFile): Replaced {
  const { version, standsFor } = file;
  const versions = history.entries
    .map((entry) => entry.version)
    .filter((recorded) => compareVersions(recorded, version) <= 0 || standsFor.includes(recorded))
    .toSorted(compareVersions);
  if (file.madeBy === "godwit" && !versions.includes(version)) {
    throw new EngineError(
      "not_applicable",
      `The baseline stands for everything up to ${version}, and this database has not applied that version.`,
      {
        hint:
          versions.length === 0
            ? "Call apply_migration: an empty database is built from the baseline itself."
            : "Apply the migrations up to that version first: they are in the folder's archive.",
      },
    );
  }
  const isKnown = reconciliation.statuses.some(
    (status) => status.kind === "applied" && status.file.version === version,
  );
  if (isKnown && versions.length === 1)
    throw new EngineError("not_applicable", `This database has the baseline ${version} already.`);
  const pending = reconciliation.statuses.flatMap((status) =>
    status.kind === "pending" && status.file.fileName !== file.fileName ? [status.file] : [],
  );
  return { version, versions, applied: [], neverApplied: [], pending };
}
