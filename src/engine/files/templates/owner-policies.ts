import { joinName, toIdentifier } from "./identifier.ts";
import type { ObjectSubject } from "./subject.ts";

interface OwnerPolicies {
  readonly sql: string;
  readonly drop: string;
}

const commands = ["select", "insert", "update", "delete"] as const;

/** Four policies that let signed-in users work on the rows whose column holds their id. The id is read once a statement. */
export function ownerPolicies(table: ObjectSubject, column: string): OwnerPolicies {
  const isOwner = `((select auth.uid()) = ${toIdentifier(column)})`;
  const clauses = {
    select: [`using ${isOwner}`],
    insert: [`with check ${isOwner}`],
    update: [`using ${isOwner}`, `with check ${isOwner}`],
    delete: [`using ${isOwner}`],
  } as const;
  const nameOf = (command: string) => toIdentifier(joinName(table.name, `${command}_own`));
  const policies = commands.map((command) =>
    [
      `create policy ${nameOf(command)} on ${table.sql}`,
      `for ${command} to authenticated`,
      ...clauses[command],
    ].join("\n  "),
  );
  return {
    sql: policies.map((policy) => `${policy};\n`).join("\n"),
    drop: commands.map((command) => `drop policy ${nameOf(command)} on ${table.sql};\n`).join(""),
  };
}
