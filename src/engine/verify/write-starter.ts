import { stringify } from "yaml";
import { sql } from "../database/sql.ts";
import type { Catalog, Fact, ObjectKind } from "../model/catalog.ts";
import type { Session } from "../ports.ts";
import { quoteCall, heldPrivileges, quoteName, splitTypes } from "./assertions/behaviour.ts";
import { isThereAny, probeAccess } from "./assertions/access.ts";
import type { Probe } from "./probe.ts";
import type { World } from "./assertion.ts";
import { partsOf } from "./names.ts";
import { describeParts } from "./parts.ts";
import { inSavepoint } from "./world.ts";

const head = `# What must be so in the database, checked by \`godwit verify-schema\` and the verify_schema tool, and by
# \`godwit apply-migration\` before it commits. Written from the live schema as a start: keep what matters, and add what should be so.
# Assertions have pgTAP's names; \`can\` and \`cannot\` try what a role of the API can do, and take it back.
`;

/**
 * A spec that says what is so now: tables with columns, keys, indexes, triggers, row security and policies, views, enums, functions,
 * grants to the roles of the API, and what each of them can read.
 */
export async function writeStarter(session: Session, catalog: Catalog): Promise<string> {
  const users = [...catalog.facts.values()]
    .filter(({ provenance, id }) => provenance === "user" && id.schema !== undefined)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const of = (...kinds: readonly ObjectKind[]) => users.filter(({ kind }) => kinds.includes(kind));
  const [tables, views, functions] = [of("table"), of("view"), of("function", "procedure")];
  const access = await inSavepoint(session, async (within) => {
    const world = { catalog, isReadOnly: true, ...within };
    const roles = await apiRoles(world);
    return [
      ...(await describeGrants(world, roles, { relations: [...tables, ...views], functions })),
      ...(await describeReads(world, roles, [...tables, ...views])),
    ];
  });
  const checks = [
    ...listTables(tables),
    ...tables.flatMap((table) => describeTable(catalog, table)),
    ...describeOnOthers(catalog, of("trigger", "policy")),
    ...views.flatMap((view) => [{ has_view: nameOf(view) }, describeAll(catalog, view, "columns", "column")]),
    ...of("enum").map(describeEnum),
    ...functions.map(describeFunction),
    ...access,
  ];
  return (
    head +
    stringify({ checks: checks.length === 0 ? [{ has_schema: "public" }] : checks }, { lineWidth: 120 })
  );
}

/** So that a table which somebody adds is noticed, with or without row security. */
function listTables(tables: readonly Fact[]): readonly object[] {
  const schemas = [...new Set(tables.map(({ id }) => id.schema ?? ""))];
  return schemas.map((schema) => ({
    tables_are: {
      schema,
      names: tables.filter(({ id }) => id.schema === schema).map(({ id }) => id.name),
    },
  }));
}

function describeTable(catalog: Catalog, table: Fact): readonly object[] {
  const name = nameOf(table);
  return [
    describeAll(catalog, table, "columns", "column"),
    describeAll(catalog, table, "constraints", "constraint"),
    describeAll(catalog, table, "indexes", "index"),
    describeAll(catalog, table, "triggers", "trigger"),
    table.attributes["rowSecurity"] === true ? { rls_enabled: name } : { rls_disabled: name },
    describeAll(catalog, table, "policies", "policy"),
  ];
}

/** What the project has put on tables that are not its own, such as a trigger on auth.users. */
function describeOnOthers({ facts }: Catalog, parts: readonly Fact[]): readonly object[] {
  return parts.flatMap(({ kind, id, parent, attributes }): readonly object[] => {
    const relation = parent === undefined ? undefined : facts.get(parent);
    if (relation === undefined || relation.provenance === "user") return [];
    const table = nameOf(relation);
    return kind === "trigger"
      ? [{ has_trigger: { table, trigger: id.name } }]
      : [{ policy_cmd_is: { table, policy: id.name, command: attributes["command"] } }];
  });
}

type Plural = "columns" | "constraints" | "indexes" | "triggers" | "policies";

function describeAll(catalog: Catalog, relation: Fact, plural: Plural, kind: ObjectKind): object {
  const texts = describeParts(catalog, partsOf(catalog, relation, kind));
  const isNone = Object.keys(texts).length === 0;
  return { [`${plural}_are`]: { table: nameOf(relation), [plural]: isNone ? [] : texts } };
}

function describeEnum(type: Fact): object {
  return { enum_has_labels: { enum: nameOf(type), labels: type.attributes["labels"] ?? [] } };
}

/** With its arguments where another has the same name. */
function describeFunction(routine: Fact, _: number, all: readonly Fact[]): object {
  const name = nameOf(routine);
  const isAlone = all.filter((other) => nameOf(other) === name).length === 1;
  const { securityDefiner } = routine.attributes;
  return {
    [securityDefiner === true ? "is_definer" : "isnt_definer"]: isAlone
      ? name
      : { function: name, args: argsOf(routine) },
  };
}

function argsOf({ id }: Fact): readonly string[] {
  return splitTypes(id.signature ?? "");
}

async function apiRoles({ run }: World): Promise<readonly string[]> {
  const { rows } = await run(sql`
    select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') order by 1`);
  return rows.map((row) => String(row["rolname"]));
}

interface Granted {
  /** Tables and views. */
  readonly relations: readonly Fact[];
  readonly functions: readonly Fact[];
}

/** What the roles of the API hold: on tables and views, and on functions that run with their owner's rights. */
async function describeGrants(
  world: World,
  roles: readonly string[],
  { relations, functions }: Granted,
): Promise<readonly object[]> {
  const checks: object[] = [];
  for (const role of roles) {
    for (const relation of relations) {
      const table = nameOf(relation);
      const privileges = await heldPrivileges(world, { kind: "table", role, object: quoteName(table) });
      checks.push({ table_privs_are: { table, role, privileges } });
    }
    for (const routine of functions.filter(({ attributes }) => attributes["securityDefiner"] === true)) {
      const args = argsOf(routine);
      const object = quoteCall(nameOf(routine), args);
      const privileges = await heldPrivileges(world, { kind: "function", role, object });
      checks.push({ function_privs_are: { function: nameOf(routine), args, role, privileges } });
    }
  }
  return checks;
}

/** What the roles of the API can read; an empty table tells nothing about who could. */
async function describeReads(
  world: World,
  roles: readonly string[],
  relations: readonly Fact[],
): Promise<readonly object[]> {
  const checks: object[] = [];
  for (const relation of relations)
    for (const role of roles) {
      const probe: Probe = { role, op: "select", table: nameOf(relation) };
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
