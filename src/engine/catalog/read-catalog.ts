import * as z from "zod";
import type { Catalog } from "../model/catalog.ts";
import type { Reader } from "../ports.ts";
import { toAnnotations, toDependencies, toUnmodelled } from "./annotations.ts";
import { assignProvenance, collectExtensionSchemas } from "./assign-provenance.ts";
import { families } from "./families.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { snapshotQuery } from "./snapshot-query.ts";

const snapshot = z.looseObject({ server_version: z.number(), current_role: z.string() });

/** Reads a database's whole schema at one moment, in one statement. Changes nothing, not even the transaction around it. */
export async function readCatalog(session: Reader): Promise<Catalog> {
  const { rows } = await session.run(snapshotQuery);
  return toCatalog(rows[0]?.["snapshot"]);
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
