import type { CallContext, Engine } from "./requests.ts";

/** One call of a use case, before it is known which engine does it. */
export interface DelegatedCall {
  readonly request: object;
  readonly context: CallContext;
}

/** Gives a call to an engine, and may refuse it or add to its answer. */
export type Delegate = <T extends object>(
  call: DelegatedCall,
  work: (engine: Engine, context: CallContext) => Promise<T>,
) => Promise<T>;

/** An engine all of whose calls another one answers. */
export function delegateTo(to: Delegate, close: () => Promise<void>): Engine {
  return {
    listMigrations: (request, context) =>
      to({ request, context }, (engine, call) => engine.listMigrations(request, call)),
    detectDrift: (request, context) =>
      to({ request, context }, (engine, call) => engine.detectDrift(request, call)),
    createMigration: (request, context) =>
      to({ request, context }, (engine, call) => engine.createMigration(request, call)),
    applyMigration: (request, context) =>
      to({ request, context }, (engine, call) => engine.applyMigration(request, call)),
    reconcileHistory: (request, context) =>
      to({ request, context }, (engine, call) => engine.reconcileHistory(request, call)),
    rollbackMigration: (request, context) =>
      to({ request, context }, (engine, call) => engine.rollbackMigration(request, call)),
    createBaseline: (request, context) =>
      to({ request, context }, (engine, call) => engine.createBaseline(request, call)),
    runPhase: (request, context) =>
      to({ request, context }, (engine, call) => engine.runPhase(request, call)),
    executeSql: (request, context) =>
      to({ request, context }, (engine, call) => engine.executeSql(request, call)),
    checkMigrations: (request, context) =>
      to({ request, context }, (engine, call) => engine.checkMigrations(request, call)),
    checkMigrationsAsSarif: (request, context) =>
      to({ request, context }, (engine, call) => engine.checkMigrationsAsSarif(request, call)),
    compareDatabases: (request, context) =>
      to({ request, context }, (engine, call) => engine.compareDatabases(request, call)),
    describeSchema: (request, context) =>
      to({ request, context }, (engine, call) => engine.describeSchema(request, call)),
    generateTypes: (request, context) =>
      to({ request, context }, (engine, call) => engine.generateTypes(request, call)),
    verifySchema: (request, context) =>
      to({ request, context }, (engine, call) => engine.verifySchema(request, call)),
    describeProject: (context) =>
      to({ request: {}, context }, (engine, call) => engine.describeProject(call)),
    close,
  };
}
