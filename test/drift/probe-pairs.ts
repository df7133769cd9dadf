import type { Probe } from "./probes.ts";
import type { SchemaPair } from "./schema-pairs.ts";

/** A probe as a pair to judge. */
export function toPair(probe: Probe): SchemaPair {
  return {
    name: `probes/${probe.name}`,
    source: "probes",
    isIdentical: false,
    roles: undefined,
    sides: { a: [probe.common, probe.before], b: [probe.common, probe.after] },
  };
}
