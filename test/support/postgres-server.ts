import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, chown, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPostgresBinaries, type PostgresBinaries, type ServerName } from "./postgres-binaries.ts";

export interface PostgresServer {
  readonly major: ServerName;
  /** Of the superuser `postgres` and the database `postgres`, over TCP on loopback. */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  readonly socketFolder: string;
  /** Where the server looks for `*.control`. */
  readonly extensionFolder: string;
  /** What the server has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** More settings for one server, as `name=value`. */
interface ServerOptions {
  readonly major: ServerName;
  readonly settings?: readonly string[];
}

/**
 * Starts a cluster of its own. Root cannot run a server, so that root starts it as `nobody` or another user without rights.
 * It ends with `stop`, and also when this process dies in whatever way: its supervisor waits for the end of a pipe.
 */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  const binaries = await findPostgresBinaries(options.major);
  const user = chooseUser();
  const folder = await makeFolder(user);
  const password = randomBytes(12).toString("hex");
  try {
    await runInitdb({ binaries, folder, password, user });
    for (let attempt = 1; ; attempt += 1) {
      const port = await findFreePort();
      const started = await startPostgres({ binaries, folder, user, port, settings: options.settings ?? [] });
      if (started.kind === "running")
        return describeServer({ ...options, binaries, folder, port, password, running: started });
      if (attempt === 3) throw new Error(`PostgreSQL ${options.major} did not start:\n${started.log}`);
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

interface Running {
  readonly kind: "running";
  readonly supervisor: ChildProcess;
  readonly log: () => string;
}

function describeServer(parts: {
  readonly major: ServerName;
  readonly binaries: PostgresBinaries;
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly running: Running;
}): PostgresServer {
  const { major, binaries, folder, port, password, running } = parts;
  return {
    major,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`,
    port,
    password,
    socketFolder: folder,
    extensionFolder: binaries.extensionFolder,
    log: running.log,
    stop: async () => {
      if (running.supervisor.exitCode === null) {
        const exited = once(running.supervisor, "exit");
        running.supervisor.stdin?.end();
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(user: SystemUser | undefined): Promise<string> {
  const folder = await mkdtemp(join(await chooseFolder(), "godwit-pg-"));
  await chmod(folder, 0o755);
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Memory where the system lends enough of it: a busy disk makes `create database` fifteen times slower (30 ms, 500 ms). */
async function chooseFolder(): Promise<string> {
  const memory = await statfs(memoryFolder).catch(() => undefined);
  const freeBytes = memory === undefined ? 0 : memory.bavail * memory.bsize;
  return freeBytes > enoughBytes ? memoryFolder : tmpdir();
}

const memoryFolder = "/dev/shm";
const enoughBytes = 4 * 1024 ** 3;

async function runInitdb(parts: {
  readonly binaries: PostgresBinaries;
  readonly folder: string;
  readonly password: string;
  readonly user: SystemUser | undefined;
}): Promise<void> {
  const passwordFile = join(parts.folder, "password");
  await writeFile(passwordFile, `${parts.password}\n`, { mode: 0o644 });
  const flags = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"];
  await promisify(execFile)(
    join(parts.binaries.bin, "initdb"),
    [...flags, `--pgdata=${join(parts.folder, "data")}`, `--pwfile=${passwordFile}`],
    { ...parts.user, cwd: parts.folder },
  );
}

/**
 * Stops the server when its input ends, which the death of this process brings about, and then clears up. A shell gives a
 * background command no input of its own, hence the third descriptor.
 */
const supervisorScript = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
( cat <&3 >/dev/null; kill -INT $server; sleep 5; kill -KILL $server ) 2>/dev/null & watcher=$!
wait $server
kill $watcher 2>/dev/null
cd / && rm -rf "$GODWIT_TEST_FOLDER"`;

async function startPostgres(parts: {
  readonly binaries: PostgresBinaries;
  readonly folder: string;
  readonly user: SystemUser | undefined;
  readonly port: number;
  readonly settings: readonly string[];
}): Promise<Running | { readonly kind: "failed"; readonly log: string }> {
  const settings = [
    ...["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200"],
    ...["listen_addresses=127.0.0.1", `port=${parts.port}`, `unix_socket_directories=${parts.folder}`],
    ...["timezone=UTC", "shared_buffers=64MB", "max_wal_size=2GB", "autovacuum=off", "wal_level=logical"],
    ...parts.settings,
  ];
  const command = [join(parts.binaries.bin, "postgres"), "-D", join(parts.folder, "data")];
  const supervisor = spawn(
    "/bin/sh",
    ["-c", supervisorScript, "sh", ...command, ...settings.flatMap((setting) => ["-c", setting])],
    {
      ...parts.user,
      cwd: parts.folder,
      env: { PATH: process.env["PATH"], GODWIT_TEST_FOLDER: parts.folder },
      stdio: ["pipe", "ignore", "pipe"],
      // Ctrl-C in a terminal goes to the whole group; the supervisor must live to stop the server.
      detached: true,
    },
  );
  let log = "";
  const isReady = await new Promise<boolean>((resolve) => {
    supervisor.once("exit", () => resolve(false));
    supervisor.stderr.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-2_000_000);
      if (log.includes("database system is ready to accept connections")) resolve(true);
    });
  });
  if (!isReady) return { kind: "failed", log };
  supervisor.unref();
  return { kind: "running", supervisor, log: () => log };
}

/** The first of the users that systems have for programs without rights; undefined where this process is no root. */
export function chooseUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["nobody", "postgres", "daemon"]) {
    const found = users.find((fields) => fields[0] === name);
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error("PostgreSQL cannot run as root and /etc/passwd names no user to run it as.");
}

/** A port on loopback that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
