import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseUser, findFreePort } from "./postgres-server.ts";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"].find((path) =>
  existsSync(path),
);

/** False where no PgBouncer is installed: tests that need one are skipped by name. */
export const hasPgbouncer = program !== undefined;

export interface Pgbouncer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** A transaction pooler with two server connections in front of a server; ends with this process. */
export async function startPgbouncer(server: {
  readonly port: number;
  readonly password: string;
}): Promise<Pgbouncer> {
  if (program === undefined) throw new Error("PgBouncer is not installed.");
  const folder = await mkdtemp(join(tmpdir(), "godwit-bouncer-"));
  await chmod(folder, 0o755);
  const port = await findFreePort();
  await writeFile(join(folder, "users.txt"), `"postgres" "${server.password}"\n`);
  await writeFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = 2
`,
  );
  const child = spawn(program, [join(folder, "pgbouncer.ini")], {
    ...chooseUser(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const killNow = (): void => void child.kill("SIGKILL");
  process.once("exit", killNow);
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("PgBouncer did not start.")));
    child.stderr.on("data", (chunk: Buffer) => chunk.includes("process up") && resolve());
  });
  return {
    port,
    stop: async () => {
      const exited = once(child, "exit");
      killNow();
      await exited;
      process.off("exit", killNow);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
