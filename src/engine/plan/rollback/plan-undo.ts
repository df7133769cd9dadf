import { diffCatalogs } from "../../compare/diff-catalogs.ts";
import { factOf } from "../../compare/change-id.ts";
import type { Catalog, Change } from "../../model/catalog.ts";
import { planSchemaChange } from "../schema-change/plan-schema-change.ts";

/** What makes a schema again what it was, or why nothing does. */
export type Undo =
  | { readonly kind: "planned"; readonly statements: readonly string[] }
  | { readonly kind: "impossible"; readonly reason: string };

/** Plans the way from the catalog after a migration to the one before it. Pure. */
export function planUndo({ before, after }: { readonly before: Catalog; readonly after: Catalog }): Undo {
  const changes = diffCatalogs(after, before).filter(
    (change) => !isOfExtension(change) && !isBookkeeping(change),
  );
  if (changes.length === 0) return { kind: "planned", statements: [] };
  const { statements, refusals } = planSchemaChange({ from: after, to: before, changes });
  const [refusal] = refusals;
  if (refusal !== undefined) {
    const more = refusals.length > 1 ? `; and ${refusals.length - 1} more` : "";
    return { kind: "impossible", reason: `${refusal.key}: ${refusal.reason}${more}` };
  }
  const late = statements.find(({ startsNewTransaction }) => startsNewTransaction);
  if (late !== undefined) {
    return { kind: "impossible", reason: "Undoing it takes more than one transaction." };
  }
  return { kind: "planned", statements: statements.map(({ sql }) => sql) };
}

/** What an extension holds comes and goes with it. */
function isOfExtension(change: Change): boolean {
  return factOf(change).provenance.startsWith("extension:");
}

/** True for the history and what lies beside it. */
export function isBookkeeping(change: Change): boolean {
  return /"supabase_migrations"(?:\.|$| )/.test(change.key);
}

/** Statements as the text of one script. */
export function toScript(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};`).join("\n");
}
