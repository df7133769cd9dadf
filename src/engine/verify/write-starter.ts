import { stringify } from "yaml";
import type { Catalog, Fact } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { sql } from "../database/sql.ts";
import { isThereAny, probeAccess, type Probe } from "./assertions/access.ts";
import { listNames, partsOf } from "./names.ts";
import { makeWorld } from "./world.ts";

const head = `# What must be so in the database, checked by \`godwit verify-schema\` and the verify_schema tool.
# Written from the live schema as a start: keep what matters, and add what should be so.
# Assertions have pgTAP's names; \`can\` and \`cannot\` try what a role of the API can do, and take it back.
`;

/** A spec that says what is so now: tables, columns, keys, row security, policies, enums, and what each role of the API can read. */
export async function writeStarter(session: Session, catalog: Catalog): Promise<string> {
  const users = [...catalog.facts.values()]
    .filter(({ provenance, id }) => provenance === "user" && id.schema !== undefined)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const tables = users.filter(({ kind }) => kind === "table");
  const checks = [
    ...tables.flatMap((table) => describeTable(catalog, table)),
    ...users.filter(({ kind }) => kind === "view").map((view) => ({ has_view: nameOf(view) })),
    ...users.filter(({ kind }) => kind === "enum").map(describeEnum),
    ...users.filter(({ kind }) => kind === "function").map(describeFunction),
    ...(await describeAccess(session, catalog, tables)),
  ];
  return (
    head +
    stringify({ checks: checks.length === 0 ? [{ has_schema: "public" }] : checks }, { lineWidth: 120 })
  );
}

function describeTable(catalog: Catalog, table: Fact): readonly object[] {
  const name = nameOf(table);
  const columns = partsOf(catalog, table, "column").map(({ id }) => id.name);
  const constraints = partsOf(catalog, table, "constraint");
  const key = constraints.find(({ attributes }) => attributes["type"] === "primary key");
  const keyColumns = key === undefined ? undefined : listNames(String(key.attributes["definition"]));
  const policies = partsOf(catalog, table, "policy").map(({ id }) => id.name);
  const isProtected = table.attributes["rowSecurity"] === true;
  return [
    { has_table: name },
    ...(columns.length === 0 ? [] : [{ columns_are: { table: name, columns } }]),
    ...(keyColumns === undefined ? [] : [{ col_is_pk: { table: name, columns: keyColumns } }]),
    isProtected ? { rls_enabled: name } : { rls_disabled: name },
    ...(isProtected ? [{ policies_are: { table: name, policies } }] : []),
  ];
}

function describeEnum(type: Fact): object {
  return { enum_has_labels: { enum: nameOf(type), labels: type.attributes["labels"] ?? [] } };
}

function describeFunction(routine: Fact): object {
  const isDefiner = routine.attributes["securityDefiner"] === true;
  return isDefiner ? { is_definer: nameOf(routine) } : { has_function: nameOf(routine) };
}

/** What the roles of the API, where there are any, can read; an empty table tells nothing about who could. */
async function describeAccess(
  session: Session,
  catalog: Catalog,
  tables: readonly Fact[],
): Promise<readonly object[]> {
  const { rows } = await session.run(sql`
    select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') order by 1`);
  const world = makeWorld(session, catalog, true);
  const checks: object[] = [];
  await session.run(sql`savepoint godwit_check`);
  for (const table of tables)
    for (const row of rows) {
      const probe: Probe = { role: String(row["rolname"]), op: "select", table: nameOf(table) };
      const outcome = await probeAccess(probe, world);
      if (outcome.kind === "rows") checks.push({ can: probe });
      if (outcome.kind === "silence" && (await isThereAny(probe, world)))
        checks.push({ cannot: { ...probe, expect: 0 } });
      if (outcome.kind === "refusal") checks.push({ cannot: { ...probe, expect: 42501 } });
    }
  return checks;
}

function nameOf({ id }: Fact): string {
  return [id.schema ?? "", id.name].map((name) => (name.includes(".") ? `"${name}"` : name)).join(".");
}
