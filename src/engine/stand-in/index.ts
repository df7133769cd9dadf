export { listPackagedBundles, readBundle } from "./bundles.ts";
export { imageFileName } from "./image.ts";
export { installStandIn, writeExtensionFiles, writeRequestedVersions } from "./install.ts";
export type { StandInInstance } from "./install.ts";
export { preinstalledExtensions, standInDigest, standInExtensions, standInStatements } from "./listing.ts";
export type { StandInExtension, StandInStatements } from "./listing.ts";
