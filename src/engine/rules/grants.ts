import type { Node } from "../sql/parse.ts";
import { nameOfRange, toName, partsOfObject, type Name } from "./names.ts";

/** A GRANT, or the GRANT inside ALTER DEFAULT PRIVILEGES. */
export interface Grant {
  /** As the tree names it, such as `OBJECT_TABLE`. */
  readonly objectType: string;
  /** `all in schema`, default privileges, or the objects that are named. */
  readonly reach: "objects" | "schema" | "defaults";
  readonly objects: readonly Name[];
  /** In lower case; `all` for ALL PRIVILEGES. */
  readonly privileges: readonly string[];
  readonly grantees: readonly string[];
  readonly canGrantOn: boolean;
}

/** The grant that a statement makes; undefined for REVOKE and everything else. */
export function grantOf(node: Node): Grant | undefined {
  const statement =
    "GrantStmt" in node
      ? node.GrantStmt
      : "AlterDefaultPrivilegesStmt" in node
        ? node.AlterDefaultPrivilegesStmt.action
        : undefined;
  if (statement?.is_grant !== true) return undefined;
  return {
    objectType: statement.objtype ?? "",
    reach: reaches[statement.targtype ?? ""] ?? "objects",
    objects: (statement.objects ?? []).map(toObject),
    privileges: privilegesOf(statement.privileges),
    grantees: granteesOf(statement.grantees),
    canGrantOn: statement.grant_option === true,
  };
}

const reaches: Readonly<Record<string, Grant["reach"]>> = {
  ACL_TARGET_ALL_IN_SCHEMA: "schema",
  ACL_TARGET_DEFAULTS: "defaults",
};

function toObject(object: Node): Name {
  return "RangeVar" in object ? nameOfRange(object.RangeVar) : toName(partsOfObject(object));
}

export function privilegesOf(privileges: readonly Node[] | undefined): readonly string[] {
  if (privileges === undefined || privileges.length === 0) return ["all"];
  return privileges.map((each) =>
    "AccessPriv" in each ? (each.AccessPriv.priv_name ?? "all").toLowerCase() : "",
  );
}

/** The roles that a list of grantees names; `public` for everyone. */
export function granteesOf(grantees: readonly Node[] | undefined): readonly string[] {
  return (grantees ?? []).map((each) => {
    if (!("RoleSpec" in each)) return "";
    return each.RoleSpec.roletype === "ROLESPEC_PUBLIC" ? "public" : (each.RoleSpec.rolename ?? "");
  });
}

/** True for the roles that requests without a signed-in user run as. */
export function isOpenRole(role: string): boolean {
  return role === "anon" || role === "public";
}
