import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { EngineError } from "../../src/engine/errors.ts";
import { classifyChange } from "../../src/engine/compare/classify-change.ts";
import type { Rehearsal } from "../../src/engine/execute/rehearse.ts";
import { connect } from "../engine/playground.ts";
import { installStandInOnServer } from "../support/install-stand-in.ts";
import { createDatabase, ensureTemplate, sharedServer } from "../support/test-database.ts";
import { hazardsWorld, preparations } from "./hazards-world.ts";
import { readShared, rehearseSql, sharedFolder } from "./rehearse-sql.ts";
import { watchState, withMoved } from "./watch-state.ts";

interface Labelled {
  readonly id: string;
  readonly class: string;
  readonly hazard: boolean;
  readonly sql: string;
}

const isPresent = existsSync(sharedFolder);
const labelled: readonly Labelled[] = isPresent ? JSON.parse(readShared("hazards.json")) : [];

describe.skipIf(!isPresent)("a rehearsal of the statements of hazards.json", () => {
  const seen = new Map<string, string>();
  let template: string;

  beforeAll(async () => {
    template = await ensureTemplate({
      name: "hazards_template",
      fill: async (url) => {
        const client = connect(url, { max: 1 });
        const { extensionFolder } = await sharedServer(17);
        await installStandInOnServer({ run: (text) => client.unsafe(text).simple(), extensionFolder });
        await client.unsafe(`set role postgres; ${hazardsWorld}`).simple();
        await client.end();
      },
    });
  });

  test.each(labelled)("leaves $id as it was or says what differs: $sql", async (statement) => {
    const place = await createDatabase({ template });
    const database = await openDatabase({ kind: "postgres", url: place.url });
    const watcher = await watchState(place.url);
    try {
      const preparation = preparations[statement.id];
      if (preparation !== undefined) {
        const client = connect(place.url, { max: 1 });
        await client.unsafe(preparation).simple();
        await client.end();
      }
      const before = await watcher.read();
      const outcome = await rehearseSql(database, statement.sql).catch((error: unknown) => error);
      const moved = outcome instanceof Error ? [] : (outcome as Rehearsal).moved;
      expect(await watcher.read()).toEqual(withMoved(before, moved));
      if (outcome instanceof Error && !(outcome instanceof EngineError)) throw outcome;
      seen.set(statement.id, describeOutcome(outcome as Rehearsal | EngineError));
    } finally {
      await watcher.end();
      await database.close();
      await place.drop();
    }
  });

  test("shows every security hazard by access, advisors, the platform's schemas or a refusal", () => {
    const security = labelled.filter((each) => each.class === "sec");
    for (const { id } of labelled) process.stderr.write(`${id}: ${seen.get(id)}\n`);
    const shown = security.filter(({ id }) =>
      /access|advisor|security|platform|refused/.test(seen.get(id) ?? ""),
    );
    process.stderr.write(`security hazards shown: ${shown.length} of ${security.length}\n`);
    expect(security.filter((each) => !shown.includes(each))).toEqual([]);
  });
});

function describeOutcome(outcome: Rehearsal | EngineError): string {
  if (outcome instanceof EngineError) return `refused ${outcome.code}`;
  const [end] = outcome.ends;
  if (end?.kind === "failed") return `failed ${end.error.message}`;
  const { change } = outcome;
  if (end?.kind !== "applied" || change === undefined) return end?.kind ?? "nothing";
  const security = change.schema.filter((each) => classifyChange(each) === "security").length;
  return [
    change.access.length > 0 ? `access ${change.access.length}` : "",
    change.findings.length > 0 ? `advisor ${change.findings.map(({ check }) => check).join(",")}` : "",
    security > 0 ? `security ${security}` : "",
    change.onPlatform.size > 0 ? `platform ${change.onPlatform.size}` : "",
    `schema ${change.schema.length}`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}
