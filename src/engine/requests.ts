import type { CheckMigrationsReport } from "./model/check-report.ts";
import type { CreateBaselineReport } from "./model/baseline-report.ts";
import type { Observe } from "./ports.ts";
import type { RollbackMigrationReport } from "./model/rollback-report.ts";
import type { ReconcileHistoryReport } from "./model/reconcile-report.ts";
import type {
  ApplyMigrationReport,
  CreateMigrationReport,
  DetectDriftReport,
  ExecuteSqlReport,
  ListMigrationsReport,
  ProjectReport,
} from "./model/report.ts";
import type { RunPhaseReport } from "./model/phase-report.ts";
import type { DescribeSchemaReport, SchemaDetail } from "./model/schema-report.ts";
import type { GenerateTypesReport } from "./model/types-report.ts";
import type { VerifySchemaReport } from "./model/verify-report.ts";
import type { CompareDatabasesReport, DriftDirection } from "./model/schema-drift-report.ts";

/** What belongs to one call, whichever tool it is. */
export interface CallContext {
  /** Aborted when the caller gives up: the running statement is cancelled and rolled back. */
  readonly signal?: AbortSignal;
  /** Hears this call's events, beside the engine's own observer. */
  readonly observe?: Observe;
  /** Label of one of several targets; the usual one where absent. Refused with `unknown_target` where there is none of that label. */
  readonly target?: string;
  /** The only labels that the caller may name or mean; others are refused with `target_not_allowed`. */
  readonly mayReach?: readonly string[];
  /** Refused with `wrong_target` unless it names the target. */
  readonly projectId?: string;
  /** Who applies, as recorded in the history, such as `claude-code 2.1`. */
  readonly appliedBy?: string;
  /** True where the caller can ask its person: what destroys something then needs that person's yes, not a plan id alone. */
  readonly canAskPerson?: boolean;
  /** The plan that the caller's person said yes to. Refused with `plan_is_stale` where the plan is another by now. */
  readonly approvedPlan?: string;
  /** A UUID of that person's answer, which goes for one change. */
  readonly answerId?: string;
  /** Commands are answered whole; agents, whose clients cut long answers, in pages and extracts. */
  readonly answerSize?: "whole";
}

export interface ListMigrationsRequest {
  /** Rows a page, 1 to 500; 50 where absent. `all` gives every row on one page. */
  readonly limit?: number | "all";
  readonly cursor?: string;
  /** Also lists the files in `archive/`. */
  readonly archived?: boolean;
}

export interface DetectDriftRequest {
  /** False leaves the live schema out, which is otherwise compared with what the applied files produce in a shadow. */
  readonly schema?: boolean;
  /** What became of objects that may have been renamed: `old=new` or `old!=new`, on the live side and the files' side. */
  readonly renames?: readonly string[];
  readonly cursor?: string;
}

export interface CompareDatabasesRequest {
  /** Another target by its label, or a Postgres address that a person gave; never one from a model. */
  readonly against: { readonly label: string } | { readonly url: string };
  /** As for `detectDrift`, on the target and the other database. */
  readonly renames?: readonly string[];
  readonly cursor?: string;
}

export interface CreateMigrationRequest {
  readonly name: string;
  /** The SQL; exactly one of query, template and fromDrift, or none for the generic template. */
  readonly query?: string;
  readonly template?: string;
  /** Instead of query and template: what closes the drift of the live schema, in this direction. */
  readonly fromDrift?: DriftDirection;
  readonly renames?: readonly string[];
  /** What the template is about: a table, or `table.column`. Guessed from the name where absent. */
  readonly subject?: string;
  readonly purpose?: string;
}

export interface ApplyMigrationRequest {
  readonly name?: string;
  readonly query?: string;
  readonly version?: string;
  readonly file?: string;
  readonly dryRun?: boolean;
  /** Where a dry run runs: on the target where absent, or on an embedded copy of its schema. Given, nothing is ever applied. */
  readonly rehearseOn?: "target" | "copy";
  /** The plan_id that a dry run, or an answer that asks for confirmation, gave; refused with `plan_is_stale` where the plan is another by now. */
  readonly confirm?: string;
  /** Another target by its label: what it records as applied is applied here, the same files in the same order and no other. */
  readonly promoteFrom?: string;
}

export interface RollbackMigrationRequest {
  /** How many of the newest applied migrations, 1 where absent. */
  readonly count?: number;
  /** This one alone, instead of the newest. */
  readonly version?: string;
  /** Shows the plan and changes nothing. */
  readonly dryRun?: boolean;
  /** The plan_id of an answer that shows the plan or asks for confirmation. */
  readonly confirm?: string;
}

export interface ReconcileHistoryRequest {
  /** Which side is right where they differ. Absent: the history, and what is not certain is left as a choice. */
  readonly truth?: "database" | "files";
  /** Such as `mark_reverted 20260101000001`, `restore_file all`, `convert_names` (docs/tools.md). */
  readonly actions?: readonly string[];
  /** Why; needed for marks, and kept with every row and file that is replaced. */
  readonly reason?: string;
  /** `next_cursor` of the answer before, for the plan's further steps. */
  readonly cursor?: string;
  /** The plan_id that the call without it answered. */
  readonly confirm?: string;
}

export interface RunPhaseRequest {
  /** Its number, with or without its name, such as `1.2_move_orders`. Absent: all phases are listed. */
  readonly phase?: string;
  /** The SQL of a new phase, which becomes its file. */
  readonly query?: string;
  /** Column by whose values a new phase is cut into batches, such as `public.orders.id`. */
  readonly key?: string;
  readonly batchSize?: number;
  readonly dryRun?: boolean;
  /** The plan_id of an answer that asks for confirmation. */
  readonly confirm?: string;
  /** No batch is begun after so many seconds; 45 where absent, because clients give up after 60. Commands run to the end. */
  readonly maxSeconds?: number;
  /** Takes over the phases that a project's own `public.migration_history` records. */
  readonly adopt?: boolean;
}

export interface CreateBaselineRequest {
  /** `live` where absent; `files` makes it from what the applied files produce; `baseline` takes over the one in the folder. */
  readonly from?: "live" | "files" | "baseline";
  /** The plan_id that a call without it answered; refused with `plan_is_stale` where the plan is another by now. */
  readonly confirm?: string;
}

export interface CheckMigrationsRequest {
  /** Findings about files from this version on; all are replayed. */
  readonly since?: string;
  /** False leaves the replay on an empty database out. */
  readonly replay?: boolean;
  readonly cursor?: string;
}

export interface ExecuteSqlRequest {
  readonly query: string;
  /** Allows INSERT, UPDATE, DELETE and MERGE. */
  readonly write?: boolean;
  /** The plan_id of an answer that asks for confirmation. */
  readonly confirm?: string;
  /** Rows to answer at most, 1 to 1000; 100 where absent. */
  readonly limit?: number;
}

export interface DescribeSchemaRequest {
  /** Everything in these schemas, the platform's own too; the user's objects of all schemas where absent. */
  readonly schemas?: readonly string[];
  /** `name` or `schema.name`; `*` stands for anything. */
  readonly names?: readonly string[];
  /** `columns` where absent. */
  readonly detail?: SchemaDetail;
  readonly cursor?: string;
}

export interface GenerateTypesRequest {
  /** `public` where absent. */
  readonly schemas?: readonly string[];
  /** A `.ts` file of the project to write to; only one of generated types is ever replaced. */
  readonly out?: string;
  /** Named in the types as the server's version, such as `13.0.5`. */
  readonly postgrestVersion?: string;
  readonly cursor?: string;
}

export interface VerifySchemaRequest {
  /** The spec's path below the project; `godwit.verify.yaml`, `.yml` or `.json` where absent. */
  readonly file?: string;
  /** Writes a spec of what is so instead of judging by one. */
  readonly writeStarter?: boolean;
  readonly cursor?: string;
}

/** Every use case. Each rejects with an `EngineError`; anything else that is thrown is a fault. */
export interface Engine {
  readonly listMigrations: (
    request: ListMigrationsRequest,
    context: CallContext,
  ) => Promise<ListMigrationsReport>;
  readonly detectDrift: (request: DetectDriftRequest, context: CallContext) => Promise<DetectDriftReport>;
  readonly createMigration: (
    request: CreateMigrationRequest,
    context: CallContext,
  ) => Promise<CreateMigrationReport>;
  readonly applyMigration: (
    request: ApplyMigrationRequest,
    context: CallContext,
  ) => Promise<ApplyMigrationReport>;
  readonly reconcileHistory: (
    request: ReconcileHistoryRequest,
    context: CallContext,
  ) => Promise<ReconcileHistoryReport>;
  readonly rollbackMigration: (
    request: RollbackMigrationRequest,
    context: CallContext,
  ) => Promise<RollbackMigrationReport>;
  readonly createBaseline: (
    request: CreateBaselineRequest,
    context: CallContext,
  ) => Promise<CreateBaselineReport>;
  readonly runPhase: (request: RunPhaseRequest, context: CallContext) => Promise<RunPhaseReport>;
  readonly executeSql: (request: ExecuteSqlRequest, context: CallContext) => Promise<ExecuteSqlReport>;
  readonly checkMigrations: (
    request: CheckMigrationsRequest,
    context: CallContext,
  ) => Promise<CheckMigrationsReport>;
  /** The same as a SARIF 2.1.0 log, with the counts of what nobody allowed. */
  readonly checkMigrationsAsSarif: (
    request: CheckMigrationsRequest,
    context: CallContext,
  ) => Promise<{ readonly log: object; readonly counts: CheckMigrationsReport["counts"] }>;
  readonly describeSchema: (
    request: DescribeSchemaRequest,
    context: CallContext,
  ) => Promise<DescribeSchemaReport>;
  readonly generateTypes: (
    request: GenerateTypesRequest,
    context: CallContext,
  ) => Promise<GenerateTypesReport>;
  readonly verifySchema: (request: VerifySchemaRequest, context: CallContext) => Promise<VerifySchemaReport>;
  readonly compareDatabases: (
    request: CompareDatabasesRequest,
    context: CallContext,
  ) => Promise<CompareDatabasesReport>;
  readonly describeProject: (context: CallContext) => Promise<ProjectReport>;
  readonly close: () => Promise<void>;
}
