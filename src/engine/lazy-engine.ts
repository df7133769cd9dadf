import { delegateTo } from "./delegate.ts";
import type { ProgramSettings } from "./labelled-engine.ts";
import type { Engine } from "./requests.ts";

/** Makes an engine; synchronous, touches nothing. Its parts are loaded at the first call, so that a client is answered before. */
export function createEngine(settings: ProgramSettings): Engine {
  let loading: Promise<Engine> | undefined;
  const loaded = (): Promise<Engine> => (loading ??= loadEngine(settings));
  return delegateTo(
    async ({ context }, work) => work(await loaded(), context),
    async () => {
      if (loading !== undefined) await (await loading).close();
    },
  );
}

async function loadEngine(settings: ProgramSettings): Promise<Engine> {
  const { createEngineFor } = await import("./labelled-engine.ts");
  return createEngineFor(settings);
}
