import type {
  ApplyMigrationReport,
  CallContext,
  CheckMigrationsReport,
  CreateBaselineReport,
  CreateMigrationReport,
  DescribeSchemaReport,
  DetectDriftReport,
  Engine,
  ExecuteSqlReport,
  GenerateTypesReport,
  VerifySchemaReport,
  ListMigrationsReport,
  ProjectReport,
  ReconcileHistoryReport,
  RollbackMigrationReport,
  RunPhaseReport,
} from "../../src/engine/index.ts";

/** One call that the fake heard. */
export interface HeardCall {
  readonly method: keyof Engine;
  readonly request: unknown;
  readonly context: CallContext;
}

/** An engine that answers what it is told to, and remembers what it was asked. */
export interface FakeEngine extends Engine {
  readonly calls: readonly HeardCall[];
}

const listReport: ListMigrationsReport = {
  summary: "1 applied, 1 pending.",
  target: "embedded",
  folder: "migrations",
  counts: { applied: 1, pending: 1 },
  migrations: [
    {
      version: "20260101000000",
      name: "first",
      state: "applied",
      file: "migrations/20260101000000_first.sql",
    },
    {
      version: "20260102000000",
      name: "second",
      state: "pending",
      file: "migrations/20260102000000_second.sql",
    },
  ],
  findings: [],
};

const driftReport: DetectDriftReport = {
  summary: "No drift.",
  target: "embedded",
  has_drift: false,
  layers: ["history", "content"],
  counts: { applied: 1 },
  drift: [],
  findings: [],
};

const createReport: CreateMigrationReport = {
  summary: "Wrote migrations/20260103000000_third.sql.",
  version: "20260103000000",
  name: "third",
  file: "migrations/20260103000000_third.sql",
  checksum: "a".repeat(64),
  statements: 1,
  sql: "select 1;",
};

const applyReport: ApplyMigrationReport = {
  summary: "Applied 1 migration.",
  target: "embedded",
  status: "applied",
  migrations: [
    {
      version: "20260102000000",
      name: "second",
      file: "migrations/20260102000000_second.sql",
      checksum: "b".repeat(64),
      outcome: "applied",
      statements: 1,
    },
  ],
};

const sqlReport: ExecuteSqlReport = {
  summary: "1 row.",
  target: "embedded",
  command: "SELECT",
  columns: [{ name: "one", type: "integer" }],
  rows: [{ one: 1 }],
  row_count: 1,
  truncated: false,
  duration_ms: 1,
};

const reconcileReport: ReconcileHistoryReport = {
  summary: "Files and history agree: there is nothing to reconcile.",
  status: "nothing_to_do",
  target: "embedded",
  folder: "migrations",
  counts: {},
  steps: [],
};

const rollbackReport: RollbackMigrationReport = {
  summary: "No migration is applied.",
  target: "embedded",
  status: "nothing_to_roll_back",
  migrations: [],
};

const projectReport: ProjectReport = {
  summary: "1 pending migration.",
  target: "embedded",
  folder: "migrations",
  counts: { applied: 1, pending: 1 },
};

const baselineReport: CreateBaselineReport = {
  summary: "20260101000000_baseline.sql would stand for 2 recorded migrations and 2 files.",
  target: "embedded",
  status: "planned",
  plan_id: "c".repeat(64),
  version: "20260101000000",
  file: "migrations/20260101000000_baseline.sql",
  statements: 3,
  replaces: { entries: 2, oldest: "20251231000000", newest: "20260101000000", files: [] },
  proved: true,
};

const checkReport: CheckMigrationsReport = {
  summary: "2 files with 2 statements checked: 1 error and no warning.",
  folder: "migrations",
  files: 2,
  statements: 2,
  replay: "done",
  counts: { error: 1, warning: 0, info: 0 },
  findings: [
    {
      severity: "error",
      code: "D01",
      rule: "drop-table",
      file: "migrations/20260102000000_second.sql",
      statement: 1,
      line: 1,
      column: 1,
      message: "public.orders: Every row is gone when the transaction ends.",
      hint: "Rename the table first.",
    },
  ],
};

const phaseReport: RunPhaseReport = {
  summary: "1 pending.",
  target: "embedded",
  status: "listed",
  phases: [
    { phase: "1.1", name: "move_orders", state: "pending", file: "migrations/phases/1.1_move_orders.sql" },
  ],
};

const schemaReport: DescribeSchemaReport = {
  summary: "1 table.",
  target: "embedded",
  counts: { table: 1 },
  untrusted_begin: "<untrusted-1>",
  objects: [{ kind: "table", name: "public.orders", rls: "on", columns: ["id bigint not null"] }],
  untrusted_end: "</untrusted-1>",
};

const typesReport: GenerateTypesReport = {
  summary: "Types of 1 table, 0 views and 0 functions.",
  target: "embedded",
  schemas: ["public"],
  types: "export type Json = string\n",
};

const verifyReport: VerifySchemaReport = {
  summary: "All 1 checks passed.",
  target: "embedded",
  file: "godwit.verify.yaml",
  counts: { passed: 1, failed: 0, skipped: 0 },
  checks: [],
};

/** A fake with friendly answers; each can be replaced. */
export function fakeEngine(replaced: Partial<Engine> = {}): FakeEngine {
  const calls: HeardCall[] = [];
  const answers: Engine = {
    listMigrations: async () => listReport,
    detectDrift: async () => driftReport,
    createMigration: async () => createReport,
    applyMigration: async () => applyReport,
    executeSql: async () => sqlReport,
    reconcileHistory: async () => reconcileReport,
    createBaseline: async () => baselineReport,
    rollbackMigration: async () => rollbackReport,
    runPhase: async () => phaseReport,
    checkMigrations: async () => checkReport,
    checkMigrationsAsSarif: async () => ({ log: { version: "2.1.0" }, counts: checkReport.counts }),
    describeSchema: async () => schemaReport,
    generateTypes: async () => typesReport,
    verifySchema: async () => verifyReport,
    compareDatabases: () => Promise.reject(new Error("no tool asks for it")),
    describeProject: async () => projectReport,
    close: async () => undefined,
    ...replaced,
  };
  const hear = (method: keyof Engine, request: unknown, context: CallContext): void => {
    calls.push({ method, request, context });
  };
  return {
    calls,
    listMigrations: async (request, context) => {
      hear("listMigrations", request, context);
      return answers.listMigrations(request, context);
    },
    runPhase: async (request, context) => {
      hear("runPhase", request, context);
      return answers.runPhase(request, context);
    },
    detectDrift: async (request, context) => {
      hear("detectDrift", request, context);
      return answers.detectDrift(request, context);
    },
    createMigration: async (request, context) => {
      hear("createMigration", request, context);
      return answers.createMigration(request, context);
    },
    applyMigration: async (request, context) => {
      hear("applyMigration", request, context);
      return answers.applyMigration(request, context);
    },
    rollbackMigration: async (request, context) => {
      hear("rollbackMigration", request, context);
      return answers.rollbackMigration(request, context);
    },
    createBaseline: async (request, context) => {
      hear("createBaseline", request, context);
      return answers.createBaseline(request, context);
    },
    executeSql: async (request, context) => {
      hear("executeSql", request, context);
      return answers.executeSql(request, context);
    },
    checkMigrations: async (request, context) => {
      hear("checkMigrations", request, context);
      return answers.checkMigrations(request, context);
    },
    checkMigrationsAsSarif: async (request, context) => {
      hear("checkMigrationsAsSarif", request, context);
      return answers.checkMigrationsAsSarif(request, context);
    },
    reconcileHistory: async (request, context) => {
      hear("reconcileHistory", request, context);
      return answers.reconcileHistory(request, context);
    },
    compareDatabases: async (request, context) => {
      hear("compareDatabases", request, context);
      return answers.compareDatabases(request, context);
    },
    describeSchema: async (request, context) => {
      hear("describeSchema", request, context);
      return answers.describeSchema(request, context);
    },
    generateTypes: async (request, context) => {
      hear("generateTypes", request, context);
      return answers.generateTypes(request, context);
    },
    verifySchema: async (request, context) => {
      hear("verifySchema", request, context);
      return answers.verifySchema(request, context);
    },
    describeProject: async (context) => {
      hear("describeProject", undefined, context);
      return answers.describeProject(context);
    },
    close: async () => {
      hear("close", undefined, {});
      return answers.close();
    },
  };
}
