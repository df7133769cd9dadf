import type { Engine } from "./engine/index.ts";

/** An engine that is loaded at its first use, so that a client is answered before the drivers are read. */
export function createLazyEngine(load: () => Promise<Engine>): Engine {
  let loading: Promise<Engine> | undefined;
  const loaded = (): Promise<Engine> => (loading ??= load());
  return {
    listMigrations: async (request, context) => (await loaded()).listMigrations(request, context),
    detectDrift: async (request, context) => (await loaded()).detectDrift(request, context),
    createMigration: async (request, context) => (await loaded()).createMigration(request, context),
    applyMigration: async (request, context) => (await loaded()).applyMigration(request, context),
    executeSql: async (request, context) => (await loaded()).executeSql(request, context),
    describeProject: async (context) => (await loaded()).describeProject(context),
    close: async () => {
      if (loading !== undefined) await (await loading).close();
    },
  };
}
