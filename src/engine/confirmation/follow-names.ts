import type { DestructiveAct, MadeObject } from "../model/destructive-act.ts";
import type { PlannedMigration } from "../model/plan.ts";
import type { RelationName } from "../model/relation-name.ts";
import { keyOf, trackNames, type Names } from "./names-in-plan.ts";

/** An act under the names that its objects have before the plan runs, and where it stands. */
export interface LocatedAct {
  readonly act: DestructiveAct;
  readonly fileName: string | undefined;
  readonly line: number | undefined;
  /** Where names without a schema are looked for, where the file says so. */
  readonly searchPath: readonly string[] | undefined;
  /** What the same file makes after a drop that cascades; each with its schema. */
  readonly madeAfter: readonly MadeObject[];
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
    const made: MadeObject[] = [];
    const acts = steps
      .slice(stepsDone)
      .flatMap((step) => (step.kind === "transaction" ? step.statements : [step.statement]))
      .flatMap(({ line, destroys }) =>
        destroys.flatMap((act): readonly (Omit<LocatedAct, "madeAfter"> & { madeBefore: number })[] => {
          if (act.kind === "set_search_path") searchPath = act.schemas;
          if (act.kind === "create") made.push(withSchema(act.made, searchPath));
          if (act.kind === "create" && act.made.what === "policy")
            created.add(policyKey(act.made.relation, act.made.name));
          const followed = followAct(act, names);
          const madeBefore = made.length;
          return followed === undefined ? [] : [{ act: followed, fileName, line, searchPath, madeBefore }];
        }),
      );
    return acts.map(({ madeBefore, ...each }): LocatedAct => ({
      ...each,
      madeAfter: "cascades" in each.act && each.act.cascades ? made.slice(madeBefore) : [],
    }));
  });
  return located.filter(
    ({ act }) => act.kind !== "drop_policy" || !created.has(policyKey(act.relation, act.policy)),
  );
}

function withSchema(made: MadeObject, searchPath: readonly string[] | undefined): MadeObject {
  const { schema = searchPath?.[0] ?? "public", name } = made.relation;
  return { ...made, relation: { schema, name } };
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
    case "create":
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
