import type { DestructiveAct } from "../model/destructive-act.ts";
import type { PlannedMigration, RelationName } from "../model/plan.ts";
import { keyOf, trackNames, type Names } from "./names-in-plan.ts";

/** An act under the names that its objects have before the plan runs, and where it stands. */
export interface LocatedAct {
  readonly act: DestructiveAct;
  readonly fileName: string | undefined;
  readonly line: number | undefined;
  /** Where names without a schema are looked for, where the file says so. */
  readonly searchPath: readonly string[] | undefined;
}

/**
 * The acts of a plan's statements that still have to run, with renames inside the plan undone, and without those on what the
 * plan itself has made or put aside under that name. A policy that the plan makes again is replaced, not dropped.
 */
export function followNames(migrations: readonly PlannedMigration[]): readonly LocatedAct[] {
  const names = trackNames();
  const created = new Set<string>();
  const located = migrations.flatMap(({ fileName, steps, stepsDone }) => {
    let searchPath: readonly string[] | undefined;
    const statements = steps
      .slice(stepsDone)
      .flatMap((step) => (step.kind === "transaction" ? step.statements : [step.statement]));
    return statements.flatMap(({ line, destroys }) =>
      destroys.flatMap((act): readonly LocatedAct[] => {
        if (act.kind === "set_search_path") searchPath = act.schemas;
        if (act.kind === "create_policy") created.add(policyKey(act.relation, act.policy));
        const followed = followAct(act, names);
        return followed === undefined ? [] : [{ act: followed, fileName, line, searchPath }];
      }),
    );
  });
  return located.filter(
    ({ act }) => act.kind !== "drop_policy" || !created.has(policyKey(act.relation, act.policy)),
  );
}

function policyKey(relation: RelationName, policy: string): string {
  return `${keyOf(relation)} ${policy}`;
}

/** The act under the names of before the plan; undefined for one that takes nothing away from what existed then. */
function followAct(act: DestructiveAct, names: Names): DestructiveAct | undefined {
  switch (act.kind) {
    case "rename_schema":
    case "rename_relation":
    case "rename_column":
      names.rename(act);
      return undefined;
    case "set_search_path":
    case "create_policy":
      return undefined;
    case "sweep":
      return act;
    case "drop":
      return followDrop(act, names);
    case "drop_column":
    case "change_type": {
      const relation = names.liveRelation(act.relation);
      const column = relation === undefined ? undefined : names.liveColumn(relation, act.column);
      return relation === undefined || column === undefined ? undefined : { ...act, relation, column };
    }
    case "truncate":
    case "delete_all":
    case "update_all":
    case "lift_row_security":
    case "drop_policy": {
      const relation = names.liveRelation(act.relation);
      return relation === undefined ? undefined : { ...act, relation };
    }
  }
}

function followDrop(
  act: Extract<DestructiveAct, { kind: "drop" }>,
  names: Names,
): DestructiveAct | undefined {
  if (act.what === "schema")
    return { ...act, object: { schema: undefined, name: names.liveSchema(act.object.name) } };
  if (act.what !== "relation") return act;
  const object = names.liveRelation(act.object);
  return object === undefined ? undefined : { ...act, object };
}
