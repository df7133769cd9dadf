import { platformRoles } from "../model/platform-roles.ts";
import { databaseKey, type Catalog, type Change, type Fact, type FactKey } from "../model/catalog.ts";
import { changeId, factOf } from "./change-id.ts";
import { topOf } from "./top-of.ts";

/** Why a difference is nobody's of the project: the servers have other versions, or the platform made it. */
export type PlatformReason = "extension_version" | "platform_object" | "grant_era" | "platform_setting";

/** Differences by whose they are. What belongs to extensions and to the history's own schema is in neither list. */
export interface SortedChanges {
  readonly drift: readonly Change[];
  readonly platform: readonly { readonly reason: PlatformReason; readonly change: Change }[];
}

/** What is compared, and whether the second side is a shadow, which has the versions of extensions that it ships; so has a server of another major. */
export interface Sides {
  readonly from: Catalog;
  readonly to: Catalog;
  readonly isWithShadow: boolean;
}

/**
 * Tells the project's differences from the platform's. Both sides of a platform's schema are alike where the platform has one version;
 * an index, a column or a constraint too many on one of its tables is then the project's, and else nobody can say.
 */
export function sortChanges(changes: readonly Change[], sides: Sides): SortedChanges {
  const whole = new Set(changes.flatMap((change) => (change.kind === "altered" ? [] : [change.key])));
  const judged = changes.map((change) => ({ change, whose: judge(change, sides, whole) }));
  const unlike = new Set(
    judged.flatMap(({ change, whose }) =>
      whose === "platform_object" ? [schemaOf(factOf(change), sides)] : [],
    ),
  );
  const drift: Change[] = [];
  const platform: { readonly reason: PlatformReason; readonly change: Change }[] = [];
  for (const { change, whose } of judged) {
    if (whose === "nobody") continue;
    const isUsers =
      whose === "user" || (whose === "undecided" && !unlike.has(schemaOf(factOf(change), sides)));
    if (isUsers) drift.push(change);
    else platform.push({ change, reason: whose === "undecided" ? "platform_object" : whose });
  }
  return { drift, platform };
}

/** Moves what these ids name from drift to the platform's. */
export function setAside(
  sorted: SortedChanges,
  ids: ReadonlySet<string>,
  reason: PlatformReason,
): SortedChanges {
  const aside = sorted.drift.filter((change) => ids.has(changeId(change)));
  return {
    drift: sorted.drift.filter((change) => !ids.has(changeId(change))),
    platform: [...sorted.platform, ...aside.map((change) => ({ reason, change }))],
  };
}

type Whose = "user" | "undecided" | "nobody" | Exclude<PlatformReason, "grant_era">;

/** The history's tables and our own are there on one side only. */
const historySchema = "supabase_migrations";

function judge(change: Change, sides: Sides, whole: ReadonlySet<FactKey>): Whose {
  const fact = factOf(change);
  if (fact.provenance === "user") return judgeUsers(change, sides);
  if (fact.provenance !== "platform" || schemaOf(fact, sides) === historySchema) return "nobody";
  if (isOnMissing(fact, sides, whole)) return "platform_object";
  if (fact.kind === "grant") return isToProject(fact) ? "user" : "platform_object";
  if (change.kind === "altered")
    return guardAttributes.has(change.attribute) ? "undecided" : "platform_object";
  return addedParts.has(fact.kind) ? "undecided" : "platform_object";
}

function judgeUsers(change: Change, { from, to, isWithShadow }: Sides): Whose {
  const fact = factOf(change);
  const isOfExtension =
    fact.kind === "extension" && change.kind === "altered" && change.attribute !== "schema";
  // Another major ships other versions, and has no script to the older ones.
  if (isOfExtension && (isWithShadow || majorOf(from) !== majorOf(to))) return "extension_version";
  if (!isWithShadow) return "user";
  if (fact.kind === "comment" && fact.id.on?.startsWith("extension ") === true) return "extension_version";
  if (fact.kind === "setting" && isPlatformSetting(fact)) return "platform_setting";
  // The shadow is another database: it is called otherwise, and no file gives rights on it.
  if (fact.id.on === databaseKey) return "platform_setting";
  return "user";
}

function majorOf({ serverVersion }: Catalog): number {
  return Math.floor(serverVersion / 10_000);
}

/** What Supabase sets for each database by itself. */
export function isPlatformSetting({ id, attributes }: Fact): boolean {
  if (id.name.startsWith("app.settings.jwt_")) return true;
  return id.name === "search_path" && attributes["value"] === '"$user", public, extensions';
}

/** What people add to relations that are not theirs. */
const addedParts: ReadonlySet<string> = new Set([
  "column",
  "comment",
  "constraint",
  "default",
  "index",
  "rule",
  "statistics",
]);

/** What people turn off on relations that are not theirs. */
const guardAttributes: ReadonlySet<string> = new Set(["rowSecurity", "forceRowSecurity", "enabled"]);

/** False for what the platform grants to its own roles and to `postgres`; with new versions also more than before. */
export function isToProject({ id }: Fact): boolean {
  if (id.grantee?.kind !== "role") return id.grantee?.kind === "everyone";
  return id.grantee.name !== "postgres" && !platformRoles.has(id.grantee.name);
}

/** True for a part of an object that one side lacks as a whole, but for a part of a part that itself hangs on nothing missing. */
function isOnMissing(fact: Fact, sides: Sides, whole: ReadonlySet<FactKey>): boolean {
  const top = topOf(fact, sides);
  return top.key !== fact.key && whole.has(top.key);
}

function schemaOf(fact: Fact, sides: Sides): string {
  const { kind, id } = topOf(fact, sides);
  return (kind === "schema" ? id.name : id.schema) ?? "";
}

/** What belongs to the platform or to an extension is left out; for copies, which have those already. */
export function userChanges(changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => factOf(change).provenance === "user");
}

/** The user's changes as far as a shadow can show them: it has its own versions of extensions and its own settings of the database. */
export function comparable(changes: readonly Change[]): readonly Change[] {
  return userChanges(changes).filter((change) => {
    const fact = factOf(change);
    if (fact.kind === "setting" || fact.id.on === databaseKey) return false;
    if (fact.kind === "extension" && change.kind === "altered" && change.attribute === "version")
      return false;
    return !(fact.kind === "comment" && fact.id.on?.startsWith("extension ") === true);
  });
}
