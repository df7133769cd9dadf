import type { RelationName } from "./relation-name.ts";

/** An object that a statement makes, and that somebody would miss if it stayed away. */
export type MadeObject =
  | { readonly what: "policy" | "trigger"; readonly relation: RelationName; readonly name: string }
  | { readonly what: "relation"; readonly relation: RelationName }
  /** With the number of its arguments. */
  | { readonly what: "routine"; readonly relation: RelationName; readonly arguments: number };

/** What a statement's text says that it will take away, or rename before that. Names are as the statement has them. */
export type DestructiveAct =
  | {
      readonly kind: "drop";
      readonly what: "relation" | "schema" | "type" | "extension" | "routine";
      readonly object: RelationName;
      /** True where everything that depends on it goes too. */
      readonly cascades: boolean;
    }
  | {
      readonly kind: "drop_column";
      readonly relation: RelationName;
      readonly column: string;
      readonly cascades: boolean;
    }
  | {
      readonly kind: "change_type";
      readonly relation: RelationName;
      readonly column: string;
      /** SQL of the new type; undefined where it cannot be written down again. */
      readonly newType: string | undefined;
      /** True for USING with more than the column itself. */
      readonly isComputed: boolean;
    }
  | { readonly kind: "truncate"; readonly relation: RelationName; readonly cascades: boolean }
  | { readonly kind: "delete_all" | "update_all"; readonly relation: RelationName }
  | { readonly kind: "lift_row_security"; readonly relation: RelationName }
  | { readonly kind: "drop_policy"; readonly relation: RelationName; readonly policy: string }
  /** What was taken away before may be made again by this. */
  | { readonly kind: "create"; readonly made: MadeObject }
  /** Takes away what its text does not name. */
  | { readonly kind: "sweep"; readonly command: string }
  | { readonly kind: "rename_relation"; readonly relation: RelationName; readonly to: RelationName }
  | {
      readonly kind: "rename_column";
      readonly relation: RelationName;
      readonly column: string;
      readonly to: string;
    }
  | { readonly kind: "rename_schema"; readonly schema: string; readonly to: string }
  | { readonly kind: "set_search_path"; readonly schemas: readonly string[] };
