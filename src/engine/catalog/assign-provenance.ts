import type { Fact, FactKey, Provenance } from "../model/catalog.ts";
import { platformRoles } from "../model/platform-roles.ts";
import type { Drafts } from "./resolve-facts.ts";

/** Schemas that Supabase fills and that its `postgres` role owns things in, so that owners do not tell. */
const platformSchemas: ReadonlySet<string> = new Set([
  "extensions",
  "_realtime",
  "_analytics",
  "_supavisor",
  "graphql",
  "graphql_public",
  "pgbouncer",
  "supabase_functions",
  "supabase_migrations",
  "vault",
]);

/** Schemas of Supabase in which people make objects of their own, as far as they own them. */
const sharedSchemas: ReadonlySet<string> = new Set(["auth", "storage", "realtime"]);

/** The history and our own tables, whatever the project. */
const historySchema = "supabase_migrations";

/** What people put on relations that are not theirs: policies on `storage.objects`, triggers on `auth.users`. */
const usersOwnParts: ReadonlySet<string> = new Set(["policy", "trigger", "publication_table"]);

/** Extensions by the schemas that came with them. */
export type ExtensionSchemas = ReadonlyMap<string, string>;

/** Says of each fact whose it is. Schemas alone do not tell: a trigger on `auth.users` is the user's. */
export function assignProvenance(
  facts: readonly Fact[],
  extensionSchemas: ExtensionSchemas,
): readonly Fact[] {
  if (facts.every((fact) => isPlainSchema(fact, extensionSchemas))) return facts;
  const byKey = new Map(facts.map((fact) => [fact.key, fact]));
  const known = new Map<FactKey, Provenance>();
  const isSupabase = facts.some(
    ({ kind, id, attributes }) =>
      kind === "schema" && id.name === "auth" && attributes["owner"] === "supabase_auth_admin",
  );
  const provenanceOf = (fact: Fact): Provenance => {
    const found = known.get(fact.key);
    if (found !== undefined) return found;
    const provenance = decide({ fact, byKey, provenanceOf, extensionSchemas, isSupabase });
    known.set(fact.key, provenance);
    return provenance;
  };
  return facts.map((fact) => {
    const provenance = provenanceOf(fact);
    return provenance === fact.provenance ? fact : { ...fact, provenance };
  });
}

/** True for what gives no reason to ask whose anything is. */
function isPlainSchema({ kind, id }: Fact, extensionSchemas: ExtensionSchemas): boolean {
  if (kind !== "schema") return true;
  return id.name !== historySchema && id.name !== "auth" && extensionSchemas.size === 0;
}

interface Question {
  readonly fact: Fact;
  readonly byKey: ReadonlyMap<FactKey, Fact>;
  readonly provenanceOf: (fact: Fact) => Provenance;
  readonly extensionSchemas: ExtensionSchemas;
  readonly isSupabase: boolean;
}

function decide(question: Question): Provenance {
  const { fact } = question;
  if (usersOwnParts.has(fact.kind)) return decidePart(question);
  const parent = fact.parent === undefined ? undefined : question.byKey.get(fact.parent);
  // The platform sets these itself whenever someone makes the extension.
  if (question.isSupabase && fact.kind === "grant" && parent?.kind === "extension")
    return `extension:${parent.id.name}`;
  if (parent !== undefined) return question.provenanceOf(parent);
  const schema = fact.kind === "schema" ? fact.id.name : fact.id.schema;
  if (schema === historySchema) return "platform";
  const extension = schema === undefined ? undefined : question.extensionSchemas.get(schema);
  if (extension !== undefined) return `extension:${extension}`;
  return isPlatforms(question, schema) ? "platform" : "user";
}

/** A policy is always someone's own. A trigger is the table's owner's where its function is too: webhooks call a function of the platform. */
function decidePart({ fact, byKey, provenanceOf }: Question): Provenance {
  if (fact.id.schema === historySchema) return "platform";
  if (fact.kind === "policy") return "user";
  if (fact.kind === "publication_table")
    return fact.id.signature?.includes("_messages_publication") === true ? "platform" : "user";
  const table = fact.parent === undefined ? undefined : byKey.get(fact.parent);
  const functions = fact.dependsOn.flatMap((key) => {
    const other = byKey.get(key);
    return other?.kind === "function" ? [provenanceOf(other)] : [];
  });
  const isUsers = table === undefined || provenanceOf(table) === "user" || functions.includes("user");
  return isUsers ? "user" : provenanceOf(table);
}

function isPlatforms({ fact, isSupabase }: Question, schema: string | undefined): boolean {
  if (!isSupabase) return false;
  const owner = fact.attributes["owner"];
  const role = fact.kind === "default_privilege" ? fact.attributes["role"] : owner;
  const isRoles = typeof role === "string" && platformRoles.has(role);
  if (fact.kind === "schema") return isRoles || platformSchemas.has(fact.id.name);
  if (fact.kind === "publication") return isRoles || fact.id.name.startsWith("supabase_realtime");
  if (schema === undefined) return isRoles;
  if (fact.kind === "default_privilege")
    return isRoles || platformSchemas.has(schema) || sharedSchemas.has(schema);
  return platformSchemas.has(schema) || (sharedSchemas.has(schema) && isRoles);
}

/** The schemas that came with extensions, by name. */
export function collectExtensionSchemas(drafts: Drafts["drafts"]): ExtensionSchemas {
  return new Map(
    drafts.flatMap(({ id, attributes }) => {
      const own = attributes["ownSchemas"];
      if (id.kind !== "extension" || !Array.isArray(own)) return [];
      return own.map((schema) => [String(schema), id.name] as const);
    }),
  );
}
