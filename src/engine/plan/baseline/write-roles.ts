import type { SetUpRole } from "../../model/set-up-rows.ts";
import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";

/**
 * Makes roles, and then who is a member of which. Roles belong to the whole server, so that another database may have made them. A membership
 * of a role that would not be there is left out (`describeRolesLeftOut`).
 */
export function writeRoles(roles: readonly SetUpRole[], known: ReadonlySet<string>): readonly string[] {
  const isThere = isThereAmong(roles, known);
  const memberships = roles.flatMap(({ name, memberOf, members }) => [
    ...memberOf.filter(isThere).map((other) => writeMembership(other, name)),
    ...members.filter(isThere).map((other) => writeMembership(name, other)),
  ]);
  return [...roles.map(writeRole), ...new Set(memberships)];
}

/** What of roles has to be made by hand in a new database, and why. */
export function describeRolesLeftOut(
  roles: readonly SetUpRole[],
  known: ReadonlySet<string>,
): readonly string[] {
  const isThere = isThereAmong(roles, known);
  return roles.flatMap(({ name, canLogin, settings, memberOf, members }) => {
    const role = `role ${quoteIdentifier(name)}`;
    const others = [...memberOf, ...members].filter((other) => !isThere(other));
    return [
      ...(canLogin ? [`${role}: its password, which nobody can read`] : []),
      ...(settings.length === 0 ? [] : [`${role}: its settings (${settings.join(", ")})`]),
      ...(others.length === 0
        ? []
        : [
            `${role}: its memberships with ${others.map(quoteIdentifier).join(", ")}, of which the schema does not speak`,
          ]),
    ];
  });
}

function isThereAmong(roles: readonly SetUpRole[], known: ReadonlySet<string>): (name: string) => boolean {
  const names = new Set(roles.map(({ name }) => name));
  return (name) => names.has(name) || known.has(name);
}

function writeRole(role: SetUpRole): string {
  const attributes = [
    role.canLogin ? "login" : "nologin",
    ...(role.inherits ? [] : ["noinherit"]),
    ...(role.createsDatabases ? ["createdb"] : []),
    ...(role.createsRoles ? ["createrole"] : []),
    ...(role.bypassesRowSecurity ? ["bypassrls"] : []),
  ].join(" ");
  const create = `create role ${quoteIdentifier(role.name)} ${attributes}`;
  return `do $do$ begin if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(role.name)}) then ${create}; end if; end $do$`;
}

function writeMembership(group: string, member: string): string {
  return `grant ${quoteIdentifier(group)} to ${quoteIdentifier(member)}`;
}
