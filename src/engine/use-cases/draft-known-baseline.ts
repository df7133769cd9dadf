import { readFrom } from "../database/transport.ts";
import { fingerprintSchema } from "../catalog/fingerprint.ts";
import { readSetUpRows } from "../catalog/set-up-rows.ts";
import { EngineError } from "../errors.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { MigrationFile } from "../model/migration.ts";
import { compareVersions } from "../model/version.ts";
import { isBaseline } from "../plan/baseline/baseline-mark.ts";
import { findSquash } from "../plan/baseline/find-squash.ts";
import type { Replaced } from "../plan/baseline/choose-replaced.ts";
import { planBaseline } from "../plan/baseline/plan-baseline.ts";
import { digestHistory } from "../plan/plan-id.ts";
import { summarizeBaseline } from "../report/describe-baseline.ts";
import { proveReplayed } from "../shadow/prove-files.ts";
import { writableRows } from "../plan/baseline/write-rows.ts";
import { appliedAfter } from "./baseline-target.ts";
import { comparable } from "../compare/sort-changes.ts";
import type { EngineContext } from "./context.ts";
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
  const read = { live, rows: await readFrom(project.database, (reader) => readSetUpRows(reader, live)) };
  const files = [...toReplay(project, [file]), ...appliedAfter(project, file.version)];
  const proof = await withEmptyShadow(engine, { project, live: read.live, files }, (shadow) =>
    proveReplayed(shadow, {
      live: read.live,
      rows: writableRows(read.rows),
      isComparable: (change) => comparable([change]).length > 0,
    }),
  );
  const { version, name, fileName } = file;
  const schema = fingerprintSchema(read.live);
  const statements = await splitForHistory({ version, name, fileName, sql: file.sql });
  const target = project.database.target;
  return {
    ...proof,
    from: "baseline",
    replaced,
    fileName,
    text: file.sql,
    live: read.live,
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
    statements: statements.length,
    isProved: [proof.differences, proof.failures, proof.rowDifferences].every((list) => list.length === 0),
    refusals: [],
    pendingFailures: [],
    leftOut: [],
    unread: read.rows.unread,
    unmodelled: [],
  };
}

type BaselineFile = MigrationFile & {
  readonly sql: string;
  readonly checksum: string;
  readonly madeBy: "godwit" | "others";
};

function findBaseline({ contents, reconciliation }: Project): BaselineFile {
  const own = contents.files.findLast(({ content }) => content.kind === "sql" && isBaseline(content.sql));
  const found = own ?? findSquash(reconciliation)?.file;
  if (found?.content.kind === "sql") {
    const { sql, checksum } = found.content;
    return { ...found, sql, checksum, madeBy: own === undefined ? "others" : "godwit" };
  }
  throw new EngineError(
    "not_applicable",
    "The migrations folder holds no baseline that Godwit has written, and its first file stands for nothing: a squash is a first file that is pending or was rewritten, while recorded migrations before it have no file any more.",
    {
      hint: "Call create_baseline without from to make one from the live schema.",
    },
  );
}

function chooseKnownReplaced({ history, reconciliation }: Project, file: BaselineFile): Replaced {
  const { version } = file;
  const versions = history.entries
    .map((entry) => entry.version)
    .filter((recorded) => compareVersions(recorded, version) <= 0)
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
