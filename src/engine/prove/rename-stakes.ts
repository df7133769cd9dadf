import { readFrom } from "../database/transport.ts";
import { ident, sql } from "../database/sql.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog, Fact, FactKey, ObjectKind } from "../model/catalog.ts";
import type { Database, Query, Reader } from "../ports.ts";
import type { NamedCandidate, RenameAnswer } from "./renames.ts";

/** Kinds that hold what a drop takes away and no statement brings back; the others are made anew as they were. */
const holding: ReadonlySet<ObjectKind> = new Set(["table", "column", "sequence"]);

/** One side of a candidate: its schema, and the database that it was read from. */
export interface StakeSide {
  readonly catalog: Catalog;
  readonly database: Database;
}

/**
 * Answers "not renamed" for candidates whose objects hold nothing by their kind, so that scripts may drop the one and make the other. Nothing is
 * lost by that where it was a rename after all.
 */
export function answerForRowless(
  candidates: readonly NamedCandidate[],
  { facts }: Catalog,
): readonly RenameAnswer[] {
  return candidates
    .filter(({ from, to }) => {
      const fact = facts.get(from) ?? facts.get(to);
      return fact !== undefined && !mayHold(fact, facts);
    })
    .map(toDeclined);
}

/** The same for candidates of two databases, of which neither holds a row in its object. Reads at most one row of each. */
export async function answerForEmpty(
  candidates: readonly NamedCandidate[],
  sides: { readonly from: StakeSide; readonly to: StakeSide },
): Promise<readonly RenameAnswer[]> {
  const answers: RenameAnswer[] = [];
  for (const candidate of candidates) {
    const isHeld =
      (await holdsSomething(sides.from, candidate.from)) || (await holdsSomething(sides.to, candidate.to));
    if (!isHeld) answers.push(toDeclined(candidate));
  }
  return answers;
}

function toDeclined({ fromName, toName }: NamedCandidate): RenameAnswer {
  return { names: [fromName, toName], isRename: false };
}

async function holdsSomething({ catalog, database }: StakeSide, key: FactKey): Promise<boolean> {
  const fact = catalog.facts.get(key);
  if (fact === undefined || !mayHold(fact, catalog.facts)) return false;
  const question = questionAbout(fact, catalog.facts);
  return question === undefined || readFrom(database, (reader) => ask(reader, question));
}

/** What a view shows, and what lies behind a foreign table, is not lost with a column of it. */
function mayHold(fact: Fact, facts: Catalog["facts"]): boolean {
  if (!holding.has(fact.kind)) return false;
  const owner = fact.kind === "column" ? parentOf(fact, facts)?.kind : undefined;
  return owner !== "view" && owner !== "materialized_view" && owner !== "foreign_table";
}

function questionAbout(fact: Fact, facts: Catalog["facts"]): Query | undefined {
  const { schema = "public", within, name } = fact.id;
  if (fact.kind === "table") return sql`select exists (select from ${ident(schema, name)}) as held`;
  if (fact.kind === "sequence") return sql`select is_called as held from ${ident(schema, name)}`;
  if (within === undefined || parentOf(fact, facts)?.kind !== "table") return undefined;
  return sql`select exists (select from ${ident(schema, within)} where ${ident(name)} is not null) as held`;
}

function parentOf({ parent }: Fact, facts: Catalog["facts"]): Fact | undefined {
  return parent === undefined ? undefined : facts.get(parent);
}

/** What cannot be asked within two seconds counts as held. */
async function ask(session: Reader, question: Query): Promise<boolean> {
  await session.run(sql`begin read only`);
  try {
    await session.run(sql`set local statement_timeout = '2s'`);
    const { rows } = await session.run(question);
    return rows[0]?.["held"] !== false;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return true;
  } finally {
    await session.run(sql`rollback`).catch(() => undefined);
  }
}
