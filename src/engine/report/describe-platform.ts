import { factOf } from "../compare/change-id.ts";
import type { PlatformReason, SortedChanges } from "../compare/sort-changes.ts";
import type { UnmodelledObject } from "../model/catalog.ts";
import type { SchemaDriftItem } from "../model/schema-drift-report.ts";
import type { Fence } from "./fence.ts";

const sentences: Readonly<Record<PlatformReason, string>> = {
  extension_version: "extensions that the other side ships in another version",
  grant_era:
    "privileges of anon, authenticated and service_role that default privileges gave at another time",
  platform_object: "objects that the platform makes, which one side lacks or has in another version",
  platform_setting: "settings, privileges and the comment that a database got as a whole",
};

/** What is the platform's own, one item a reason: counted, and no drift. */
export function describePlatform(platform: SortedChanges["platform"]): readonly SchemaDriftItem[] {
  const reasons = [...new Set(platform.map(({ reason }) => reason))].toSorted();
  return reasons.map((reason) => {
    const changes = platform.filter((one) => one.reason === reason).map(({ change }) => change);
    const kinds = new Set(changes.map((change) => factOf(change).kind));
    return {
      layer: "schema",
      class: "platform",
      severity: "info",
      change: "differs",
      kind: [...kinds].toSorted().slice(0, 5).join(", "),
      object: sentences[reason],
      count: changes.length,
    };
  });
}

/** What no kind models: on one side only it is drift, on both it could not be compared. */
export function describeUnmodelled(
  sides: { readonly from: readonly UnmodelledObject[]; readonly to: readonly UnmodelledObject[] },
  names: { readonly from: "live" | "target"; readonly to: "files" | "against" },
  fence: Fence,
): readonly SchemaDriftItem[] {
  const nameOf = ({ kind, name }: UnmodelledObject) => `${kind} ${name}`;
  const from = new Map(sides.from.map((one) => [nameOf(one), one]));
  const to = new Map(sides.to.map((one) => [nameOf(one), one]));
  const all = new Map([...from, ...to]);
  return [...all].map(([name, { kind }]) => {
    const isOnBoth = from.has(name) && to.has(name);
    const change = isOnBoth
      ? "not_compared"
      : from.has(name)
        ? (`only_in_${names.from}` as const)
        : (`only_in_${names.to}` as const);
    return {
      layer: "schema",
      class: "unmodelled",
      severity: isOnBoth ? "info" : "warning",
      change,
      kind: kind.replaceAll(" ", "_"),
      object: fence.wrap(name),
      ...(isOnBoth ? {} : { not_proved_because: "No kind models it: write its SQL by hand." }),
    };
  });
}
