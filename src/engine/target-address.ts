/** One database, and how it is reached. */
export type TargetAddress =
  | {
      readonly kind: "embedded";
      /** Absolute, or `memory` for a database that ends with the process. */
      readonly dataDir: string;
      readonly projectId?: string;
    }
  | { readonly kind: "postgres"; readonly url: string; readonly projectId?: string }
  | {
      readonly kind: "management";
      /** 20 lower-case letters. */
      readonly projectRef: string;
      readonly accessToken: string;
      /** Without a slash at its end. */
      readonly apiUrl: string;
      /** Whether a session is tried for with a temporary login; `never` where absent. */
      readonly loginRole?: "auto" | "never";
      readonly projectId?: string;
    };

/** A target that has a label: callers choose it by that, and never by an address. */
export interface LabelledTarget {
  readonly label: string;
  /** Every write to it needs a yes that names it. */
  readonly isProduction: boolean;
  readonly readOnly: boolean;
  /** `not_set_up` says in a sentence what is missing; other targets can be used all the same. */
  readonly address: TargetAddress | { readonly kind: "not_set_up"; readonly reason: string };
}

/** Several targets of one folder of migrations. */
export interface LabelledTargets {
  readonly kind: "labelled";
  /** Where a call names none; absent where each call has to. */
  readonly usual?: string;
  /** At least one, in the order of the settings. */
  readonly targets: readonly [LabelledTarget, ...LabelledTarget[]];
}
