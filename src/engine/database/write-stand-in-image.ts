import { join } from "node:path";
import { imageFileName } from "../stand-in/index.ts";
import { readPgliteVersion } from "./pglite-version.ts";
import { writeImage } from "./stand-in-image.ts";
import { makeStandInImage } from "./start-pglite.ts";

/** Makes the image that a built program ships, in its folder `dist/stand-in`; takes some seconds. */
export async function writeStandInImage(folder: string): Promise<void> {
  const fileName = imageFileName({ pgliteVersion: await readPgliteVersion() });
  await writeImage(join(folder, fileName), await makeStandInImage());
}
