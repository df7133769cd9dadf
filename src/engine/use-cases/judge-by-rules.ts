import { readTableRows } from "../confirmation/read-table-rows.ts";
import { weighFindings, type WeighedFindings } from "../confirmation/weigh-findings.ts";
import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { Catalog } from "../model/catalog.ts";
import type { RuleFinding } from "../model/rule-finding.ts";
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
  if (!byText.findings.some(needsCatalog)) return { findings: { asked: [], told: [] }, catalog: undefined };
  const catalog = await readLiveSchema(database);
  const text = migrations.map(({ sql }) => sql).join("\n");
  const rows = await readTableRows(database, text, engine.clock.monotonicMs);
  const { findings } = await checkAside({ migrations, catalog, rows });
  return { findings: weighFindings(findings, byFile, { names: tablesOf(catalog), rows }), catalog };
}

function needsCatalog({ severity, needs }: RuleFinding): boolean {
  return severity !== "info" || needs !== undefined;
}

function tablesOf(catalog: Catalog): readonly string[] {
  return [...catalog.facts.values()].flatMap(({ kind, id }) =>
    kind === "table" ? [`${id.schema ?? ""}.${id.name}`] : [],
  );
}
