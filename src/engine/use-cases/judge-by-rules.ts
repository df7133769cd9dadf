import { readTableSizes } from "../confirmation/read-table-sizes.ts";
import { weighFindings, type WeighedFindings } from "../confirmation/weigh-findings.ts";
import { readFrom } from "../database/transport.ts";
import { readLongHolders } from "../effects/lock-holders.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { Catalog } from "../model/catalog.ts";
import type { RuleFinding } from "../model/rule-finding.ts";
import type { Database } from "../ports.ts";
import { checkAside } from "../rules/check-aside.ts";
import type { EngineContext } from "./context.ts";
import type { Prepared } from "./prepare-apply.ts";

/** What the rules say of a plan, and the live schema that they looked at, where they needed it. */
export interface JudgedPlan {
  readonly findings: WeighedFindings;
  readonly catalog: Catalog | undefined;
}

/** Judges a plan's statements by the rules: by the text first, and where that finds something, by the live schema too. */
export async function judgeByRules(engine: EngineContext, prepared: Prepared): Promise<JudgedPlan> {
  const { project, plan } = prepared;
  const { database, folder } = project;
  const byFile = new Map(
    plan.migrations.map((migration) => [`${folder.label}/${migration.fileName}`, migration] as const),
  );
  const migrations = [...byFile].map(([fileName, { sql }]) => ({ fileName, sql }));
  const byText = await checkAside({ migrations });
  const text = migrations.map(({ sql }) => sql).join("\n");
  const holders = await readHolders(database, text);
  if (holders.size === 0 && !byText.findings.some(needsCatalog))
    return { findings: { asked: [], told: [] }, catalog: undefined };
  const catalog = await readLiveSchema(database);
  const { rows, bytes } = await readTableSizes(database, text, engine.clock.monotonicMs);
  const { findings } = await checkAside({ migrations, catalog, rows, bytes, holders });
  return { findings: weighFindings(findings, byFile, { names: tablesOf(catalog), rows }), catalog };
}

/** Who has held tables that the text names for long now. The embedded database has one connection and nobody to wait for. */
async function readHolders(database: Database, text: string): Promise<ReadonlyMap<string, string>> {
  if (database.target.engine === "pglite") return new Map();
  const holders = await readFrom(database, readLongHolders);
  const lowerText = text.toLowerCase();
  return new Map(
    [...holders].filter(([table]) => lowerText.includes((table.split(".").at(-1) ?? "").toLowerCase())),
  );
}

function needsCatalog({ severity, needs }: RuleFinding): boolean {
  return severity !== "info" || needs !== undefined;
}

function tablesOf(catalog: Catalog): readonly string[] {
  return [...catalog.facts.values()].flatMap(({ kind, id }) =>
    kind === "table" ? [`${id.schema ?? ""}.${id.name}`] : [],
  );
}
