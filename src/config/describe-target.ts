import type { ProgramSettings, TargetAddress } from "../engine/index.ts";

type Target = ProgramSettings["target"];

/** The target in a few words, known before it is reached; several by their labels. */
export function describeTarget(target: Target): string {
  if (target.kind === "labelled") return describeLabels(target);
  if (target.kind === "postgres") return redactUrl(target.url);
  if (target.kind === "management") return `project ${target.projectRef} (Management API)`;
  return target.dataDir === "memory"
    ? "embedded database in memory"
    : `embedded database in ${target.dataDir}`;
}

/** The labels that callers can choose from, each with what is special about it; empty where there is one target without a label. */
export function describeLabels(target: Target): string {
  if (target.kind !== "labelled") return "";
  return target.targets
    .map(({ label, isProduction }) => {
      const remarks = [...(label === target.usual ? ["usual"] : []), ...(isProduction ? ["production"] : [])];
      return remarks.length === 0 ? label : `${label} (${remarks.join(", ")})`;
    })
    .join(", ");
}

/** The same settings without password and token. */
export function redactTarget(target: Target): object {
  if (target.kind !== "labelled") return redactAddress(target);
  const targets = target.targets.map((one) => ({
    ...one,
    address: one.address.kind === "not_set_up" ? one.address : redactAddress(one.address),
  }));
  return { ...target, targets };
}

function redactAddress(target: TargetAddress): TargetAddress {
  if (target.kind === "postgres") return { ...target, url: redactUrl(target.url) };
  return target.kind === "management" ? { ...target, accessToken: "[redacted]" } : target;
}

/** Host, port and database of an address; what cannot be read is not shown at all. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return "[redacted]";
  const { host, pathname } = new URL(url);
  return `postgresql://[redacted]@${host}${pathname}`;
}
