import type { DestructiveAct } from "../model/destructive-act.ts";
import type { PlannedMigration, RelationName } from "../model/plan.ts";

/** An act under the names that its objects have before the plan runs, and where it stands. */
export interface LocatedAct {
  readonly act: DestructiveAct;
  readonly fileName: string;
  readonly line: number;
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
        const followed = names.follow(act);
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

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema ?? "public", name]);
}

/** Undefined for an act that takes nothing away from what existed under that name. */
type Follow = (act: DestructiveAct) => DestructiveAct | undefined;

/** Remembers what each name stands for as the plan goes on; `null` is what was renamed away and not made again by a rename. */
function trackNames(): { readonly follow: Follow } {
  const relations = new Map<string, RelationName | null>();
  const columns = new Map<string, string | null>();
  const schemas = new Map<string, string>();
  const liveRelation = (relation: RelationName): RelationName | undefined => {
    const known = relations.get(keyOf(relation));
    if (known === null) return undefined;
    if (known !== undefined) return known;
    const schema = relation.schema === undefined ? undefined : schemas.get(relation.schema);
    return schema === undefined ? relation : { ...relation, schema };
  };
  const columnKey = (relation: RelationName, column: string) => JSON.stringify([keyOf(relation), column]);
  const liveColumn = (relation: RelationName, column: string): string | undefined => {
    const known = columns.get(columnKey(relation, column));
    return known === null ? undefined : (known ?? column);
  };
  const rename = (act: DestructiveAct): void => {
    if (act.kind === "rename_schema") schemas.set(act.to, schemas.get(act.schema) ?? act.schema);
    if (act.kind === "rename_relation") {
      const live = liveRelation(act.relation);
      relations.set(keyOf(act.relation), null);
      relations.set(keyOf(act.to), live ?? null);
    }
    if (act.kind === "rename_column") {
      const live = liveRelation(act.relation);
      if (live === undefined) return;
      const column = liveColumn(live, act.column);
      columns.set(columnKey(live, act.column), null);
      columns.set(columnKey(live, act.to), column ?? null);
    }
  };
  return {
    follow: (act) => {
      switch (act.kind) {
        case "rename_schema":
        case "rename_relation":
        case "rename_column":
          rename(act);
          return undefined;
        case "set_search_path":
        case "create_policy":
          return undefined;
        case "sweep":
          return act;
        case "drop":
          return followDrop(act, liveRelation, schemas);
        case "drop_column":
        case "change_type": {
          const relation = liveRelation(act.relation);
          const column = relation === undefined ? undefined : liveColumn(relation, act.column);
          return relation === undefined || column === undefined ? undefined : { ...act, relation, column };
        }
        case "truncate":
        case "delete_all":
        case "update_all":
        case "lift_row_security":
        case "drop_policy": {
          const relation = liveRelation(act.relation);
          return relation === undefined ? undefined : { ...act, relation };
        }
      }
    },
  };
}

function followDrop(
  act: Extract<DestructiveAct, { kind: "drop" }>,
  liveRelation: (relation: RelationName) => RelationName | undefined,
  schemas: ReadonlyMap<string, string>,
): DestructiveAct | undefined {
  if (act.what === "schema")
    return { ...act, object: { schema: undefined, name: schemas.get(act.object.name) ?? act.object.name } };
  if (act.what !== "relation") return act;
  const object = liveRelation(act.object);
  return object === undefined ? undefined : { ...act, object };
}
