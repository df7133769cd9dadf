import type { EngineSettings } from "./engine.ts";
import type { Engine } from "./requests.ts";

/** Makes an engine; synchronous, touches nothing. Its parts are loaded at the first call, so that a client is answered before. */
export function createEngine(settings: EngineSettings): Engine {
  let loading: Promise<Engine> | undefined;
  const loaded = (): Promise<Engine> => (loading ??= loadEngine(settings));
  return {
    listMigrations: async (request, context) => (await loaded()).listMigrations(request, context),
    detectDrift: async (request, context) => (await loaded()).detectDrift(request, context),
    createMigration: async (request, context) => (await loaded()).createMigration(request, context),
    applyMigration: async (request, context) => (await loaded()).applyMigration(request, context),
    reconcileHistory: async (request, context) => (await loaded()).reconcileHistory(request, context),
    rollbackMigration: async (request, context) => (await loaded()).rollbackMigration(request, context),
    createBaseline: async (request, context) => (await loaded()).createBaseline(request, context),
    runPhase: async (request, context) => (await loaded()).runPhase(request, context),
    executeSql: async (request, context) => (await loaded()).executeSql(request, context),
    checkMigrations: async (request, context) => (await loaded()).checkMigrations(request, context),
    checkMigrationsAsSarif: async (request, context) =>
      (await loaded()).checkMigrationsAsSarif(request, context),
    compareDatabases: async (request, context) => (await loaded()).compareDatabases(request, context),
    describeSchema: async (request, context) => (await loaded()).describeSchema(request, context),
    generateTypes: async (request, context) => (await loaded()).generateTypes(request, context),
    verifySchema: async (request, context) => (await loaded()).verifySchema(request, context),
    describeProject: async (context) => (await loaded()).describeProject(context),
    close: async () => {
      if (loading !== undefined) await (await loading).close();
    },
  };
}

async function loadEngine(settings: EngineSettings): Promise<Engine> {
  const engine = await import("./engine.ts");
  return engine.createEngine(settings);
}
