import { existsSync } from "node:fs";

// Beside the bundle (dist/stand-in), beside a chunk of it (dist/chunks), or the source folder itself.
const places = ["./stand-in/", "../stand-in/", "./"];

/** The folder that holds the stand-in's SQL, in the source tree as in the built program; throws when the installation is incomplete. */
export const standInFolder = (): URL => {
  for (const place of places) {
    const folder = new URL(place, import.meta.url);
    if (existsSync(new URL("schemas/10-roles.sql", folder))) return folder;
  }
  throw new Error(
    "The SQL of the Supabase stand-in is missing: the installation is incomplete. Reinstall or rebuild godwit.",
  );
};
