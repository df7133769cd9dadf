import { readFileSync } from "node:fs";
import type { Entries } from "./pg-dump.ts";
import { withClient } from "./run-script.ts";
import { catalogOracleFile } from "./schema-pairs.ts";

type Definition = Record<string, unknown>;

interface Defaults {
  readonly databaseOid: string;
  readonly roleNames: ReadonlyMap<string, string>;
  /** By `<object type> <owner>`: the grants that an object without any has. */
  readonly grants: ReadonlyMap<string, readonly string[]>;
}

/** The fingerprint of a database by the independent query, without what does not count: column order, grantors, explicit defaults. */
export async function readOracle(url: string): Promise<Entries> {
  return withClient(url, async (client) => {
    await client.unsafe("set search_path = ''");
    const defaults = await readDefaults(client);
    const rows = await client.unsafe<{ kind: string; ident: string; def: string | null }[]>(
      readFileSync(catalogOracleFile, "utf8"),
    );
    const entries = new Map<string, string>();
    for (const { kind, ident, def } of rows) {
      const name = kind === "setting" ? settingName(ident, defaults) : ident;
      if (name === undefined) continue;
      const key = `${kind} ${name}`;
      // The query calls every domain's constraint `-.<name>`.
      const definitions = [entries.get(key), normaliseDefinition(kind, def, defaults)];
      entries.set(
        key,
        definitions
          .filter((text) => text !== undefined)
          .toSorted()
          .join("\n"),
      );
    }
    return entries;
  });
}

async function readDefaults(client: Parameters<Parameters<typeof withClient>[1]>[0]): Promise<Defaults> {
  const [database] = await client<{ oid: string }[]>`
    select oid::text from pg_database where datname = current_database()`;
  const roles = await client<
    { oid: string; name: string }[]
  >`select oid::text, rolname as name from pg_roles`;
  const grants = await client<{ key: string; items: string[] }[]>`
    select t.type::text || ' ' || r.oid::regrole::text as key, acldefault(t.type, r.oid)::text[] as items
    from pg_roles r cross join (values ('r'::"char"), ('s'), ('f'), ('T'), ('n')) t (type)`;
  return {
    databaseOid: database?.oid ?? "",
    roleNames: new Map(roles.map(({ oid, name }) => [oid, name])),
    grants: new Map(grants.map(({ key, items }) => [key, items])),
  };
}

/** By names, since every run numbers anew; settings of other databases of the cluster are none of ours. */
function settingName(ident: string, { databaseOid, roleNames }: Defaults): string | undefined {
  const [database, role = "0"] = ident.split(".");
  if (database !== "0" && database !== databaseOid) return undefined;
  return `${database === "0" ? "every database" : "this database"}, ${roleNames.get(role) ?? "every role"}`;
}

function normaliseDefinition(kind: string, text: string | null, defaults: Defaults): string {
  const value: unknown = JSON.parse(text ?? "null");
  if (kind === "defacl") return JSON.stringify(withoutGrantors(value));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const definition: Definition = { ...value };
  if (kind === "column") delete definition["pos"];
  if ("acl" in definition) definition["acl"] = normaliseGrants(kind, definition, defaults);
  if (Array.isArray(definition["opt"])) definition["opt"] = definition["opt"].map(String).toSorted();
  return JSON.stringify(definition);
}

const defaultTypes: Readonly<Record<string, string>> = {
  schema: "n",
  function: "f",
  type: "T",
  sequence: "s",
};

function normaliseGrants(kind: string, definition: Definition, defaults: Defaults): readonly string[] {
  if (Array.isArray(definition["acl"])) return withoutGrantors(definition["acl"]);
  if (kind === "column") return [];
  const type = defaultTypes[kind] ?? "r";
  return withoutGrantors(defaults.grants.get(`${type} ${String(definition["owner"])}`) ?? []);
}

function withoutGrantors(items: unknown): readonly string[] {
  if (!Array.isArray(items)) return [];
  return items.map((item) => String(item).replace(/\/[^/]*$/, "")).toSorted();
}
