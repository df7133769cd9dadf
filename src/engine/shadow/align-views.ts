import { ident, joinSql, sql, userStatement } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Fact, FactKey } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import type { Shadow } from "./replay.ts";

/**
 * The live catalog with its views' texts as the shadow's server would write them: majors write the same view differently
 * (drift.md 5). A text that the shadow cannot run stays as it is, since the view then depends on drift. Leaves no trace in the shadow.
 */
export async function alignViews(live: Catalog, shadow: Shadow): Promise<Catalog> {
  const { catalog } = shadow;
  if (majorOf(live) === majorOf(catalog)) return live;
  const differing = [...live.facts.values()].flatMap((fact) => {
    const definition = differingDefinition(fact, catalog);
    return definition === undefined ? [] : [{ fact, definition }];
  });
  if (differing.length === 0) return live;
  const session = await shadow.openSession();
  const facts = new Map(live.facts);
  await session.run(sql`begin`);
  try {
    await session.run(sql`set local search_path = ''`);
    for (const { fact, definition } of differing) {
      const written = await rewrite(session, definition);
      if (written !== undefined) facts.set(fact.key, withDefinition(fact, written));
    }
  } finally {
    await session.run(sql`rollback`);
  }
  return { ...live, facts };
}

function majorOf({ serverVersion }: Catalog): number {
  return Math.floor(serverVersion / 10_000);
}

function differingDefinition(fact: Fact, shadow: Catalog): string | undefined {
  if (fact.kind !== "view" && fact.kind !== "materialized_view") return undefined;
  const own = definitionOf(fact);
  const other = definitionIn(shadow, fact.key);
  return own === other || other === undefined ? undefined : own;
}

function definitionIn({ facts }: Catalog, key: FactKey): string | undefined {
  const fact = facts.get(key);
  return fact === undefined ? undefined : definitionOf(fact);
}

function definitionOf({ attributes }: Fact): string | undefined {
  const { definition } = attributes;
  return typeof definition === "string" ? definition : undefined;
}

function withDefinition(fact: Fact, definition: string): Fact {
  return { ...fact, attributes: { ...fact.attributes, definition } };
}

const probe = ident("godwit_probe");

/** Undefined where the text cannot be run. */
async function rewrite(session: Session, definition: string): Promise<string | undefined> {
  await session.run(sql`savepoint godwit_probe`);
  try {
    const create = [sql`create temporary view ${probe} as`, userStatement(definition)];
    await session.run(joinSql(create, " "));
    const { rows } = await session.run(sql`select pg_get_viewdef('pg_temp.godwit_probe'::regclass) as text`);
    const text = rows[0]?.["text"];
    return typeof text === "string" ? text.replace(/;\s*$/, "") : undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return undefined;
  } finally {
    await session.run(sql`rollback to savepoint godwit_probe`);
  }
}
