import { entangled } from "./entangled.ts";
import { projects } from "./hand-made-projects.ts";
import { structurePairs } from "./hand-made-structures.ts";
import { typePairs } from "./hand-made-types.ts";
import type { Probe } from "./probes.ts";

/** Every pair written by hand in which many things change at once. */
export const handMade: readonly Probe[] = [...entangled, ...projects, ...typePairs, ...structurePairs];
