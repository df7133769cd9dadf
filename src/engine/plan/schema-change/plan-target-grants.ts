import type { Change, Fact } from "../../model/catalog.ts";
import { quoteIdentifier } from "../../sql/quote.ts";
import { isSet, textOf } from "./world.ts";
import type { Draft } from "./rule.ts";

/** Privileges on what is no object of the catalog, such as a built-in language or a part of an extension: named by `target`. */
export interface TargetGrant {
  readonly grant: Fact;
  readonly drafts: readonly Draft[];
}

/** Plans them one by one, as they differ. */
export function planTargetGrants(changes: readonly Change[]): readonly TargetGrant[] {
  return changes.flatMap((change) => {
    const grant = change.kind === "altered" ? change.to : change.fact;
    if (grant.kind !== "grant" || textOf(grant, "target") === undefined) return [];
    if (change.kind === "altered" && change.attribute === "revoked")
      return [{ grant, drafts: [write(grant)] }];
    if (change.kind !== "altered")
      return [{ grant, drafts: [change.kind === "added" ? write(grant) : undo(grant)] }];
    return [
      { grant, drafts: isSet(grant, "grantable") ? [write(grant)] : [undoOption(grant), write(grant)] },
    ];
  });
}

function write(grant: Fact): Draft {
  return isSet(grant, "revoked") ? revoke(grant) : give(grant);
}

function undo(grant: Fact): Draft {
  return isSet(grant, "revoked") ? give(grant) : revoke(grant);
}

function give(grant: Fact): Draft {
  return draft(
    `grant ${what(grant)} to ${whom(grant)}${isSet(grant, "grantable") ? " with grant option" : ""}`,
  );
}

function revoke(grant: Fact): Draft {
  return draft(`revoke ${what(grant)} from ${whom(grant)}`);
}

function undoOption(grant: Fact): Draft {
  return draft(`revoke grant option for ${what(grant)} from ${whom(grant)}`);
}

function draft(sql: string): Draft {
  return { sql, hazards: ["AUTHZ_UPDATE"] };
}

function what(grant: Fact): string {
  return `${grant.id.name.toLowerCase()} on ${textOf(grant, "target") ?? ""}`;
}

function whom({ id }: Fact): string {
  return id.grantee?.kind === "role" ? quoteIdentifier(id.grantee.name) : "public";
}
