import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineError } from "../../src/engine/errors.ts";
import { hazardsWorld, preparations } from "./hazards-world.ts";
import { openEmbeddedWorld, type EmbeddedWorld } from "./rehearse-embedded.ts";
import { readShared, sharedFolder } from "./rehearse-sql.ts";
import { withMoved } from "./watch-state.ts";

const isPresent = existsSync(sharedFolder);
const labelled: readonly { readonly id: string; readonly sql: string }[] = isPresent
  ? JSON.parse(readShared("hazards.json"))
  : [];

describe.skipIf(!isPresent)("a rehearsal of hazards.json in an embedded database (PostgreSQL 18)", () => {
  let shared: EmbeddedWorld;

  beforeAll(async () => {
    shared = await openEmbeddedWorld(hazardsWorld);
  });
  afterAll(() => shared.close());

  test.each(labelled)("leaves $id as it was or says what differs: $sql", async ({ id, sql }) => {
    const preparation = preparations[id];
    const world = preparation === undefined ? shared : await openEmbeddedWorld(hazardsWorld, preparation);
    try {
      const { before, after, outcome } = await world.rehearse(sql);
      const moved = outcome instanceof EngineError ? [] : outcome.moved;
      expect(after).toEqual(withMoved(before, moved));
    } finally {
      if (world !== shared) await world.close();
    }
  });
});
