import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/engine/database/open-database.ts";
import { DatabaseError } from "../../src/engine/errors.ts";
import type { Rehearsal } from "../../src/engine/execute/rehearse.ts";
import type { SessionDatabase } from "../../src/engine/ports.ts";
import { connect } from "../engine/playground.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { locksWorld } from "./locks-world.ts";
import { readShared, rehearseSql, sharedFolder } from "./rehearse-sql.ts";
import { watchState, withMoved, type StateWatcher } from "./watch-state.ts";

interface Measured {
  readonly sql: string;
  readonly err: string | null;
  readonly locks: Readonly<Record<string, readonly string[]>> | readonly [];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

const isPresent = existsSync(sharedFolder);
const measured: readonly Measured[] = isPresent ? JSON.parse(readShared("measured-locks-pg15.json")) : [];

/** Objects that a statement renames are told by the name that they had. */
const formerNames: Readonly<Record<string, string>> = {
  "lk.t9": "lk.t",
  "public.t": "lk.t",
  "lk.u2": "lk.t_id2",
  "lk.t_a9": "lk.t_a",
};

/** What is never sent: nobody would read the stream. */
const notSent = new Map([["copy lk.t to stdout", "0A000"]]);

describe.skipIf(!isPresent)("locks, rewrites and scans of the statements of measured-locks-pg15.json", () => {
  let place: TestDatabase;
  let database: SessionDatabase;
  let watcher: StateWatcher;

  beforeAll(async () => {
    place = await createDatabase({ major: 15 });
    const client = connect(place.url, { max: 1 });
    await client
      .unsafe("do $$ begin create role anon; exception when duplicate_object then null; end $$")
      .simple();
    await client.unsafe(locksWorld).simple();
    await client.end();
    database = await openDatabase({ kind: "postgres", url: place.url });
    watcher = await watchState(place.url);
  });

  afterAll(async () => {
    await watcher.end();
    await database.close();
    await place.drop();
  });

  test.each(measured)("are measured alike, and nothing is left behind: $sql", async (expected) => {
    const before = await watcher.read();
    const rehearsal = await rehearseSql(database, expected.sql);
    expect(await watcher.read()).toEqual(withMoved(before, rehearsal.moved));
    const [end] = rehearsal.ends;
    const sqlstate = expected.err?.slice(0, 5) ?? notSent.get(expected.sql);
    if (sqlstate !== undefined) {
      expect(end?.kind).toBe("failed");
      const error = end?.kind === "failed" ? end.error : undefined;
      expect(error instanceof DatabaseError ? error.fields.sqlstate : error).toBe(sqlstate);
      return;
    }
    expect(end?.kind).toBe("applied");
    expect(ours(rehearsal)).toEqual(theirs(expected));
  });
});

function ours({ statements }: Rehearsal) {
  const trace = statements[0]?.trace;
  const dropped = new Set(trace?.dropped.map(({ oid }) => oid));
  const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
    `${schema}.${name}`;
  const kept = (trace?.locks ?? []).filter(({ relation }) => !dropped.has(relation.oid));
  return {
    locks: Object.fromEntries(
      kept.map(({ relation, modes }) => [nameOf(relation), modes.toSorted()]).toSorted(byName),
    ),
    rewrites: (trace?.rewrites ?? []).map(nameOf).toSorted(),
    scans: (trace?.scans ?? []).map(({ table, scans, rows }) => `${table}: ${scans} ${rows}`).toSorted(),
  };
}

function theirs({ locks, rewrites, scans }: Measured) {
  const existing = Object.entries(locks).filter(([name]) => !name.endsWith("(new)"));
  const told = existing.map(([name, modes]) => [formerNames[name] ?? name, [...modes].toSorted()] as const);
  return {
    locks: Object.fromEntries(told.filter(([name]) => name !== "lk.v2").toSorted(byName)),
    rewrites: [...rewrites].toSorted(),
    scans: scans.flatMap(toScan).toSorted(),
  };
}

/** `t:scan=1,read=20000,ins=0,upd=0,del=0`; what the statement made itself is no scan of what was there. */
function toScan(text: string): readonly string[] {
  const [, table = "", scans, read] = /^(\w+):scan=(\d+),read=(\d+)/.exec(text) ?? [];
  const isNew = /^(?:n\d|mv2)/.test(table);
  return isNew || (scans === "0" && read === "0") ? [] : [`lk.${table}: ${scans} ${read}`];
}

function byName([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}
