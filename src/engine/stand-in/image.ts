import { standInDigest } from "./listing.ts";

/**
 * The name under which an installed stand-in is cached as a data folder of this PGlite version.
 * An image fits no other version, and a changed stand-in gets another name, so an old image is never loaded.
 */
export const imageFileName = ({ pgliteVersion }: { readonly pgliteVersion: string }): string =>
  `stand-in-${pgliteVersion}-${standInDigest().slice(0, 16)}.tar.gz`;
