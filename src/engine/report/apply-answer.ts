import type { WeighedFindings } from "../confirmation/weigh-findings.ts";
import type { EngineError } from "../errors.ts";
import type { MigrationEnd } from "../execute/run-plan.ts";
import type { Loss } from "../model/loss.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { ApplyPlan, PlannedMigration } from "../model/plan.ts";
import type { SpecNote } from "../model/verify-report.ts";
import type { RehearsedPlan } from "./describe-rehearsal.ts";

/** What is known of a migration before its steps are. */
export type PlannedSource = Pick<PlannedMigration, "version" | "name" | "fileName" | "sql" | "checksum">;

/** What applying or rehearsing came to. */
export interface ApplyAnswer {
  readonly project: {
    readonly database: { readonly target: { readonly label: string } };
    readonly folder: { readonly label: string };
  };
  readonly plan: ApplyPlan;
  readonly obstacle: { readonly source: PlannedSource; readonly error: EngineError } | undefined;
  readonly alreadyApplied: readonly MigrationFile[];
  /** Given SQL that is a file by now, or will be one. */
  readonly toWrite: { readonly fileName: string } | undefined;
  readonly warnings: readonly string[];
  /** Present where everything was rolled back. */
  readonly rehearsed?: RehearsedPlan;
  readonly settled: {
    readonly verdict: "go" | "confirmation_required";
    readonly losses: readonly Loss[];
    readonly findings: WeighedFindings;
    readonly planId?: string;
  };
  /** What became of the project's spec. */
  readonly spec: SpecNote;
  /** One for each migration of the plan. */
  readonly ends: readonly MigrationEnd[];
}
