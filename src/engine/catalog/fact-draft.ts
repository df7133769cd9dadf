import type { Json, ObjectId } from "../model/catalog.ts";
import type { Query } from "../ports.ts";
import type { Address } from "./address.ts";

/** A value that may be missing; the false ones are defaults and make no attribute. */
export type MaybeJson = Json | undefined;

/** A fact before its neighbours are known: it points at them by address, and `resolveFacts` turns addresses into keys. */
export interface FactDraft {
  readonly id: ObjectId;
  /** Every catalog row that stands for this object; dependencies on any of them are dependencies on it. */
  readonly addresses: readonly Address[];
  readonly parent?: Address | undefined;
  readonly attributes: Readonly<Record<string, MaybeJson>>;
  /** Attributes whose values are other objects' keys. */
  readonly links?: Readonly<Record<string, Address | readonly Address[] | undefined>>;
  readonly position?: number | undefined;
  readonly statement?: string | undefined;
  readonly owner?: string | undefined;
  /** Entries as Postgres prints them; null where nothing was ever granted or revoked. Undefined for what has no privileges. */
  readonly acl?: readonly string[] | null | undefined;
  /** Source text whose names Postgres does not track. */
  readonly body?: string | undefined;
  /** Dependencies that pg_depend does not record. */
  readonly needs?: readonly Address[] | undefined;
}

/** The SQL that reads one family of kinds as a JSON array, and what makes drafts of its rows. */
export interface Family {
  /** The member of the snapshot's JSON object. */
  readonly name: string;
  /** A select whose every row becomes one JSON object; may read the CTEs of `snapshotQuery`. */
  readonly query: Query;
  /** Throws where the rows are not as the query makes them. */
  readonly toDrafts: (rows: unknown) => readonly FactDraft[];
}
