import type { Node } from "../sql/parse.ts";
import { granteesOf } from "./grants.ts";
import { nameOfRange, type Name } from "./names.ts";

/** A CREATE or ALTER POLICY as it is written. */
export interface WrittenPolicy {
  readonly table: Name;
  readonly name: string;
  readonly isNew: boolean;
  /** `all` where none is given; undefined for ALTER POLICY, which does not say. */
  readonly command: string | undefined;
  readonly isPermissive: boolean;
  /** `public` for everyone; empty where ALTER POLICY leaves them. */
  readonly roles: readonly string[];
  readonly using: unknown;
  readonly check: unknown;
}

export function policyOf(node: Node): WrittenPolicy | undefined {
  if ("CreatePolicyStmt" in node) {
    const { table, policy_name, cmd_name, permissive, roles, qual, with_check } = node.CreatePolicyStmt;
    const isNew = true;
    return {
      table: nameOfRange(table),
      name: policy_name ?? "",
      isNew,
      command: cmd_name ?? "all",
      isPermissive: permissive === true,
      roles: granteesOf(roles),
      using: qual,
      check: with_check,
    };
  }
  if (!("AlterPolicyStmt" in node)) return undefined;
  const { table, policy_name, roles, qual, with_check } = node.AlterPolicyStmt;
  return {
    table: nameOfRange(table),
    name: policy_name ?? "",
    isNew: false,
    command: undefined,
    isPermissive: true,
    roles: granteesOf(roles),
    using: qual,
    check: with_check,
  };
}

/** The expressions of a policy that are there. */
export function policyExpressions({ using, check }: WrittenPolicy): readonly unknown[] {
  return [using, check].filter((each) => each !== undefined);
}
