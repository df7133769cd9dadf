import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, maybeTexts, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    name: z.string(),
    owner: z.string(),
    enabled: z.boolean(),
    slot: maybeText,
    synchronous_commit: z.string(),
    publications: maybeTexts,
    binary: maybeText,
    streaming: maybeText,
    two_phase: maybeText,
    disable_on_error: maybeText,
    password_required: maybeText,
    run_as_owner: maybeText,
    origin: maybeText,
    failover: maybeText,
  }),
);

/**
 * Subscriptions without their connection, which only superusers may read.
 * A column that a version lacks is found in `absent` instead, by the scoping of names in sub-selects.
 */
export const subscriptions: Family = {
  name: "subscriptions",
  query: sql`
    select
      s.oid,
      s.subname as name,
      pg_catalog.pg_get_userbyid(s.subowner) as owner,
      s.subenabled as enabled,
      s.subslotname as slot,
      s.subsynccommit as synchronous_commit,
      s.subpublications as publications,
      s.subbinary::text as "binary",
      s.substream::text as streaming,
      s.subtwophasestate::text as two_phase,
      s.subdisableonerr::text as disable_on_error,
      (select subpasswordrequired::text from pg_catalog.pg_subscription v where v.oid = s.oid) as password_required,
      (select subrunasowner::text from pg_catalog.pg_subscription v where v.oid = s.oid) as run_as_owner,
      (select suborigin::text from pg_catalog.pg_subscription v where v.oid = s.oid) as origin,
      (select subfailover::text from pg_catalog.pg_subscription v where v.oid = s.oid) as failover
    from (
      select null as subpasswordrequired, null as subrunasowner, null as suborigin, null as subfailover
    ) absent
    cross join (
      select
        x.oid, x.subname, x.subowner, x.subenabled, x.subslotname, x.subsynccommit, x.subpublications,
        x.subbinary, x.substream, x.subtwophasestate, x.subdisableonerr
      from pg_catalog.pg_subscription x
      join pg_catalog.pg_database d on d.oid = x.subdbid and d.datname = pg_catalog.current_database()
    ) s`,
  toDrafts: (given) =>
    rows.parse(given).map((subscription) => ({
      id: { kind: "subscription", name: subscription.name },
      addresses: [address("pg_subscription", subscription.oid)],
      owner: subscription.owner,
      attributes: {
        enabled: subscription.enabled,
        slot: subscription.slot ?? undefined,
        synchronousCommit:
          subscription.synchronous_commit === "off" ? undefined : subscription.synchronous_commit,
        publications: subscription.publications?.toSorted(),
        binary: subscription.binary === "true",
        streaming: streamings[subscription.streaming ?? ""],
        twoPhase: subscription.two_phase !== "d",
        disableOnError: subscription.disable_on_error === "true",
        passwordNotRequired: subscription.password_required === "false",
        runAsOwner: subscription.run_as_owner === "true",
        origin: subscription.origin === "any" ? undefined : (subscription.origin ?? undefined),
        failover: subscription.failover === "true",
      },
    })),
};

/** A boolean up to 15, a letter since 16. */
const streamings: Readonly<Record<string, string>> = { true: "on", t: "on", p: "parallel" };
