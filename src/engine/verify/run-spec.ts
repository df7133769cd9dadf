import { readCatalog } from "../catalog/read-catalog.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { CheckResult } from "../model/verify-report.ts";
import type { Query, Session } from "../ports.ts";
import type { Verdict, World } from "./assertion.ts";
import { toInsert } from "./assertions/access.ts";
import type { Spec, SpecCheck } from "./read-spec.ts";
import { inSavepoint } from "./world.ts";

interface SpecSurroundings {
  readonly isReadOnly: boolean;
  /** Marks text of the database in an error. */
  readonly quote: (text: string) => string;
}

/**
 * Judges a spec in the open transaction, each assertion in a savepoint that is rolled back; whoever opened the transaction
 * rolls it back. Throws `statement_failed` where a seed cannot be sown.
 */
export async function runSpec(
  session: Session,
  { seed, checks }: Spec,
  { isReadOnly, quote }: SpecSurroundings,
): Promise<readonly CheckResult[]> {
  const catalog = await readCatalog(session);
  for (const { table, values } of isReadOnly ? [] : seed)
    await sow(session, { table, query: toInsert(table, values), quote });
  const results: CheckResult[] = [];
  for (const check of checks) {
    const refusals = new Set<string>();
    const verdict = await inSavepoint(watchRefusals(session, refusals), (within) =>
      judge(check, { catalog, isReadOnly, ...within }),
    );
    results.push(toResult(check, refusals.has(unsafeNewEnumValue) ? tooEarly : verdict));
  }
  return results;
}

/** SQLSTATE of a use of an enum value that the open transaction has added. */
const unsafeNewEnumValue = "55P04";

const tooEarly: Verdict = {
  kind: "skipped",
  note: "It uses an enum value that can be used only when the migration is committed.",
};

function watchRefusals(session: Session, refusals: Set<string>): Session {
  const run: Session["run"] = (query) =>
    session.run(query).catch((error: unknown) => {
      if (error instanceof DatabaseError) refusals.add(error.fields.sqlstate);
      throw error;
    });
  return { ...session, run };
}

interface Seed {
  readonly table: string;
  readonly query: Query;
  readonly quote: SpecSurroundings["quote"];
}

async function sow(session: Session, { table, query, quote }: Seed): Promise<void> {
  try {
    await session.run(query);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { sqlstate, message } = error.fields;
    throw new EngineError(
      "statement_failed",
      `The seed of ${table} failed (${sqlstate}): ${quote(message)}`,
      {
        sqlstate,
        hint: "Correct the seed in the spec: it is inserted as the role that Godwit connects as.",
      },
    );
  }
}

async function judge({ judge: ask }: SpecCheck, world: World): Promise<Verdict> {
  try {
    return await ask(world);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.connectionLost) throw error;
    return { kind: "failed", have: `${error.fields.sqlstate}: ${error.fields.message}`, want: "an answer" };
  }
}

function toResult({ name, what, line }: SpecCheck, verdict: Verdict): CheckResult {
  const { kind, ...rest } = verdict;
  return { check: name, outcome: kind, what, line, ...rest };
}
