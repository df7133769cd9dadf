import type { Fact, FactKey, Json } from "../../model/catalog.ts";
import type { SchemaHazard } from "./schema-change.ts";
import type { World } from "./world.ts";

/** One statement as a rule writes it. */
export interface Draft {
  readonly sql: string;
  readonly hazards?: readonly SchemaHazard[];
  /** `early`: before anything the object lets go of is dropped; `late`: once everything named in `after` is there; `fill`: once rows can be taken up, and before anything watches them. */
  readonly place?: "early" | "fill" | "late";
  /** For a late statement: what must be there besides the object. */
  readonly after?: readonly FactKey[];
  /** True where no statement that uses it may share its transaction. */
  readonly commitsBeforeUse?: boolean;
}

/** One attribute's change. */
export interface AttributeChange {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Everything that changes in one object. */
export interface Alteration {
  readonly from: Fact;
  readonly to: Fact;
  readonly changed: ReadonlyMap<string, AttributeChange>;
}

/** How a change of attributes is carried out. `disturbs` makes dependants of the object step aside meanwhile. */
export type Decision =
  | { readonly kind: "alter"; readonly disturbs?: true }
  | { readonly kind: "replace" }
  | { readonly kind: "refuse"; readonly reason: string };

/** Why a dependant has to react. */
export interface Disturbance {
  readonly cause: Fact;
  /** `dropped`: for good; `replaced`: dropped and made anew; `retyped`: altered in place in a way that dependants hinder. */
  readonly how: "dropped" | "replaced" | "retyped";
}

/** `retype`: the column gets the new type of the same name. `reattach`: it lets go first and takes hold again. */
export type Reaction = "keep" | "replace" | "reattach" | "retype";

/** How one kind of object is made, dropped and altered. */
export interface Rule {
  /** Where dependencies do not decide, lower ranks are made first and dropped last. */
  readonly rank: number;
  readonly create: (fact: Fact, world: World) => readonly Draft[];
  readonly drop: (fact: Fact, world: World) => readonly Draft[];
  readonly decide: (alteration: Alteration, world: World) => Decision;
  readonly alter: (alteration: Alteration, world: World) => readonly Draft[];
  readonly react: (fact: Fact, disturbance: Disturbance, world: World) => Reaction;
  /** The object whose statement makes this one too; undefined where it takes a statement of its own. */
  readonly madeWith?: (fact: Fact, world: World) => FactKey | undefined;
  /** The object with which this one goes, besides its parent; undefined where it takes a statement of its own. */
  readonly droppedWith?: (fact: Fact, world: World) => FactKey | undefined;
  /** Statements by which a reattached object lets go and takes hold again. */
  readonly reattach?: (fact: Fact, to: Fact, world: World) => readonly Draft[];
}

/** For kinds that are always dropped and made anew. */
export const replaceAlways: Pick<Rule, "decide" | "alter" | "react"> = {
  decide: () => ({ kind: "replace" }),
  alter: () => [],
  react: () => "replace",
};
