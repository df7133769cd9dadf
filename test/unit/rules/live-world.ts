import type { TableFacts } from "../../../src/engine/rules/index.ts";
import type { Catalog } from "../../../src/engine/model/catalog.ts";
import { catalog, fact, table } from "../plan/schema-change/catalog-builder.ts";

const [parent, ...parentColumns] = table("parent", { id: "integer" });
const [child, childId, childKey, childName] = table("child", {
  id: "integer",
  p: "integer",
  name: "character varying(10)",
});
const [parts, ...partsColumns] = table("parts", { k: "integer" });
const inChild = { schema: "public", within: "child" } as const;

const facts = [
  parent,
  ...parentColumns,
  child,
  childId,
  childKey,
  childName,
  parts,
  ...partsColumns,
  fact(
    { kind: "table", schema: "public", name: "rest" },
    { attributes: { partitionBound: "DEFAULT", partitionOf: parts?.key ?? "" } },
  ),
  fact(
    { kind: "constraint", ...inChild, name: "child_p_fkey" },
    {
      attributes: { type: "foreign key", initiallyDeferred: true },
      statement:
        "ALTER TABLE ONLY public.child ADD CONSTRAINT child_p_fkey FOREIGN KEY (p) REFERENCES parent(id)",
      dependsOn: parent === undefined ? [] : [parent.key],
    },
  ),
  fact({ kind: "constraint", ...inChild, name: "positive" }, { attributes: { type: "check" } }),
  fact({ kind: "index", ...inChild, name: "broken" }, { attributes: { invalid: true } }),
  fact({ kind: "index", ...inChild, name: "whole" }),
  fact(
    { kind: "view", schema: "public", name: "names" },
    { dependsOn: childName === undefined ? [] : [childName.key] },
  ),
  fact(
    { kind: "function", schema: "public", name: "of_names", signature: "integer" },
    { dependsOn: childName === undefined ? [] : [childName.key], attributes: { volatility: "stable" } },
  ),
  fact({ kind: "function", schema: "public", name: "writes", signature: "" }),
  fact({ kind: "schema", name: "auth" }),
].flatMap((each) => (each === undefined ? [] : [each]));

/** A small live schema: `child` is large, `parts` is held by somebody, `parent` holds seven rows. */
export const liveWorld: TableFacts & { readonly catalog: Catalog } = {
  catalog: catalog(...facts),
  rows: new Map([
    ["public.parent", 7],
    ["public.child", 80_000],
  ]),
  bytes: new Map([
    ["public.child", 3 * 2 ** 30],
    ["public.parent", 2 ** 20],
  ]),
  holders: new Map([["public.parts", "Session 7 of app"]]),
};
