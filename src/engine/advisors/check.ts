import type { AdvisorFinding } from "../model/effects.ts";
import type { Query } from "../ports.ts";

/** One advisor check: a query that answers the objects it finds fault with. */
export interface AdvisorCheck {
  /** The name under which Supabase's own advisors know it. */
  readonly name: string;
  readonly category: AdvisorFinding["category"];
  readonly level: AdvisorFinding["level"];
  /** What is wrong with the object, and what to do. */
  readonly message: string;
  /** Answers `object` and `detail`, both text; reads catalogs and the relations of `surroundings` only, so that it fails nowhere. */
  readonly query: Query;
  /** A relation without which there is nothing to check, such as `storage.buckets`. */
  readonly needs?: string;
}
