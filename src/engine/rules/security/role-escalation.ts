import { constantText } from "../../sql/always-true.ts";
import type { Node } from "../../sql/parse.ts";
import { granteesOf } from "../grants.ts";
import { findOption } from "../options.ts";
import type { Rule, Hit } from "../rule.ts";

const POWERS = new Set(["superuser", "bypassrls", "createrole", "isreplication", "createdb"]);
const API_ROLES = new Set(["anon", "authenticated", "authenticator", "public"]);
const POWERFUL =
  /^(?:postgres|supabase_\w+|service_role|dashboard_user|rds_superuser|pg_read_all_data|pg_write_all_data|pg_execute_server_program|pg_read_server_files|pg_write_server_files|pg_monitor|pg_signal_backend|pg_maintain|pg_database_owner)$/;

export const roleEscalation: Rule = {
  id: "S17",
  name: "role-escalation",
  group: "security",
  severity: "error",
  detects: "SUPERUSER, BYPASSRLS, CREATEROLE, REPLICATION, and membership for or in powerful roles",
  why: "Whoever acts as the role passes by row level security, or makes himself anybody.",
  rewrite: "Give the role the privileges that it needs, table by table.",
  check: ({ node }) => [...powers(node), ...membership(node), ...becomes(node)],
};

function powers(node: Node): readonly Hit[] {
  const [role, options] =
    "CreateRoleStmt" in node
      ? [node.CreateRoleStmt.role ?? "", node.CreateRoleStmt.options]
      : "AlterRoleStmt" in node
        ? [
            granteesOf(
              node.AlterRoleStmt.role === undefined ? [] : [{ RoleSpec: node.AlterRoleStmt.role }],
            )[0] ?? "",
            node.AlterRoleStmt.options,
          ]
        : ["", undefined];
  const given = (options ?? [])
    .flatMap((each) => ("DefElem" in each ? [each.DefElem.defname ?? ""] : []))
    .filter((name) => findOption(options, name) === "true");
  const grave = given.filter((name) => POWERS.has(name));
  if (grave.length > 0)
    return [{ object: role, severity: grave.join() === "createdb" ? "warning" : "error" }];
  const becomesUsable = API_ROLES.has(role) && role !== "authenticator" && given.includes("canlogin");
  return becomesUsable
    ? [{ object: role, why: "The role can be logged in to, past the API." }]
    : membersAdded(node, role, options);
}

/** `alter role anon set role to postgres`: each session of the one begins as the other. */
function becomes(node: Node): readonly Hit[] {
  if (!("AlterRoleSetStmt" in node) || node.AlterRoleSetStmt.setstmt?.name !== "role") return [];
  const { role, setstmt } = node.AlterRoleSetStmt;
  const [member = "every role"] = role === undefined ? [] : granteesOf([{ RoleSpec: role }]);
  const [other = ""] = (setstmt.args ?? []).flatMap((each) => constantText(each) ?? []);
  return other === "" || other === "none"
    ? []
    : [{ object: `${other} to ${member}`, why: `Each session of ${member} begins as ${other}.` }];
}

/** ALTER GROUP … ADD USER, and CREATE ROLE … IN ROLE. */
function membersAdded(node: Node, role: string, options: readonly Node[] | undefined): readonly Hit[] {
  return (options ?? []).flatMap((each): readonly Hit[] => {
    if (!("DefElem" in each) || each.DefElem.arg === undefined || !("List" in each.DefElem.arg)) return [];
    const { defname, arg } = each.DefElem;
    const others = granteesOf(arg.List.items);
    const isUpward = defname === "addroleto";
    const pairs = others.map((other) => (isUpward ? { role: other, member: role } : { role, member: other }));
    const isRemoval = "AlterRoleStmt" in node && node.AlterRoleStmt.action === -1;
    return isRemoval ? [] : pairs.flatMap(judge);
  });
}

function membership(node: Node): readonly Hit[] {
  if (!("GrantRoleStmt" in node) || node.GrantRoleStmt.is_grant !== true) return [];
  const roles = (node.GrantRoleStmt.granted_roles ?? []).map((each) =>
    "AccessPriv" in each ? (each.AccessPriv.priv_name ?? "") : "",
  );
  const members = granteesOf(node.GrantRoleStmt.grantee_roles);
  return roles.flatMap((role) => members.flatMap((member) => judge({ role, member })));
}

function judge({ role, member }: { readonly role: string; readonly member: string }): readonly Hit[] {
  const object = `${role} to ${member}`;
  // How Supabase itself is built: the API's login becomes whoever the request is.
  if (member === "authenticator" && !POWERFUL.test(role))
    return [{ object, severity: "warning", why: "The API can act as the role." }];
  if (API_ROLES.has(member))
    return [{ object, why: `Every request that runs as ${member} has the rights of ${role}.` }];
  if (API_ROLES.has(role) && member === "postgres") return [];
  return POWERFUL.test(role) && member !== "postgres" ? [{ object, severity: "warning" }] : [];
}
