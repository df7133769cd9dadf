import * as z from "zod";
import type { Catalog } from "../model/catalog.ts";
import type { Reader } from "../ports.ts";
import { toAnnotations, toDependencies, toUnmodelled } from "./annotations.ts";
import { assignProvenance, collectExtensionSchemas } from "./assign-provenance.ts";
import { families } from "./families.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { snapshotUnlessKnown } from "./snapshot-query.ts";

const snapshot = z.looseObject({ server_version: z.number(), current_role: z.string() });

const answer = z.object({ digest: z.string(), snapshot: z.string().nullable() });

/**
 * Reads a database's whole schema at one moment, in one statement. Changes nothing, not even the transaction around it.
 * The server always looks; what it has seen is neither sent nor built again where somebody still has the catalog of the same answer.
 */
export async function readCatalog(session: Reader): Promise<Catalog> {
  const known = catalogsInUse();
  const { rows } = await session.run(snapshotUnlessKnown([...known.keys()]));
  const { digest, snapshot: text } = answer.parse(rows[0]);
  const catalog = text === null ? known.get(digest) : toCatalog(JSON.parse(text));
  if (catalog === undefined) throw new Error("the server left out a snapshot that nobody has");
  remember(digest, catalog);
  return catalog;
}

/** Before and after a migration, after undoing it, and one more. */
const rememberedCount = 4;

// Held weakly: a catalog of a large schema takes tens of megabytes, and forgetting it only costs time.
const remembered = new Map<string, WeakRef<Catalog>>();

function catalogsInUse(): ReadonlyMap<string, Catalog> {
  const entries = [...remembered].flatMap(([digest, reference]): readonly (readonly [string, Catalog])[] => {
    const catalog = reference.deref();
    return catalog === undefined ? [] : [[digest, catalog]];
  });
  return new Map(entries);
}

/** The one used last stands last. */
function remember(digest: string, catalog: Catalog): void {
  remembered.delete(digest);
  remembered.set(digest, new WeakRef(catalog));
  for (const oldest of [...remembered.keys()].slice(0, -rememberedCount)) remembered.delete(oldest);
}

/** The catalog in the JSON that the snapshot query answers. Throws where it is not such JSON. */
export function toCatalog(json: unknown): Catalog {
  const read = snapshot.parse(json);
  const drafts = families.flatMap((family) => family.toDrafts(read[family.name]));
  const resolved = resolveFacts({
    serverVersion: read.server_version,
    drafts,
    dependencies: toDependencies(read["dependencies"]),
    comments: toAnnotations(read["comments"]),
    securityLabels: toAnnotations(read["security_labels"]),
  });
  const facts = assignProvenance(resolved, collectExtensionSchemas(drafts));
  return {
    serverVersion: read.server_version,
    currentRole: read.current_role,
    facts: new Map(facts.map((fact) => [fact.key, fact])),
    unmodelled: toUnmodelled(read["unmodelled"]),
  };
}
