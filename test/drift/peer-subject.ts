import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Subject } from "./subject.ts";

/** What pg-delta gives of a database; of its insides only what is asked here. */
interface Extract {
  readonly factBase: unknown;
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

interface PeerAction {
  readonly sql: string;
  readonly transactionality: "transactional" | "nonTransactional" | "commitBoundaryAfter";
  readonly newSegmentBefore: boolean;
}

interface PeerPlan {
  readonly actions: readonly PeerAction[];
  readonly preamble: readonly { readonly name: string; readonly value: string }[];
}

interface Pool {
  readonly end: () => Promise<void>;
}

/** The functions of the installed packages that are called; their own types are not at hand where they are not installed. */
interface Peer {
  readonly extract: (pool: Pool) => Promise<Extract>;
  readonly plan: (from: unknown, to: unknown) => PeerPlan;
  readonly openPool: (url: string) => Pool;
}

/** `@supabase/pg-delta`, loaded from the folder that it was installed in. What it reports as unmodelled counts as refused. */
export async function loadPeer(folder: string): Promise<Subject<Extract>> {
  const { extract, plan, openPool } = await importPeer(folder);
  return {
    read: async (url) => {
      const pool = openPool(url);
      try {
        return await extract(pool);
      } finally {
        await pool.end();
      }
    },
    plan: async (from, to) => {
      const { actions, preamble } = plan(from.factBase, to.factBase);
      const unmodelled = difference(from, to);
      return {
        changes: [...actions.map(({ sql }) => sql), ...unmodelled],
        refusals: unmodelled,
        transactions: [
          ...preamble.map(({ name, value }) => [`set ${name} to ${value === "" ? "''" : value}`]),
          ...toTransactions(actions),
        ],
      };
    },
  };
}

async function importPeer(folder: string): Promise<Peer> {
  const load = (path: string) => import(pathToFileURL(join(folder, "node_modules", path)).href);
  const [{ extract }, { plan }, pg] = await Promise.all([
    load("@supabase/pg-delta/dist/extract/extract.js"),
    load("@supabase/pg-delta/dist/plan/plan.js"),
    load("pg/lib/index.js"),
  ]);
  return { extract, plan, openPool: (url) => new pg.default.Pool({ connectionString: url, max: 1 }) };
}

function difference(from: Extract, to: Extract): readonly string[] {
  const [before, after] = [from, to].map(({ diagnostics }) =>
    diagnostics.filter(({ code }) => code === "unmodeled_kind").map(({ message }) => message),
  );
  const differing = (one: readonly string[] = [], other: readonly string[] = []): readonly string[] =>
    one.filter((message) => !other.includes(message));
  return [...differing(before, after), ...differing(after, before)];
}

function toTransactions(actions: readonly PeerAction[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let isOpen = false;
  for (const { sql, transactionality, newSegmentBefore } of actions) {
    const isAlone = transactionality === "nonTransactional";
    if (!isOpen || newSegmentBefore || isAlone) groups.push([sql]);
    else groups.at(-1)?.push(sql);
    isOpen = transactionality === "transactional";
  }
  return groups;
}
