import type { Database, SessionDatabase } from "../../ports.ts";
import { openPostgresAt } from "../postgres.ts";
import { sql } from "../sql.ts";
import { findLoginWays, type LoginWay } from "./login-role.ts";
import { createManagementApi, type ApiClock } from "./management-api.ts";
import { openManagement, type HostedTarget } from "./open-management.ts";

/** A hosted project, and whether a session through Postgres is tried for. */
export type ReachedTarget = HostedTarget & { readonly loginRole?: "auto" | "never" };

/** Where nothing has answered by then, requests serve: many networks let only web traffic out, and many reach no IPv6. */
const reachMs = 5_000;

/**
 * A hosted project through Postgres with a temporary login, where the service makes one and the database can be reached; else through
 * the Management API alone. Whatever goes wrong with the first leaves the second, whose errors are then told.
 */
export async function openHosted(target: ReachedTarget, clock: ApiClock): Promise<Database> {
  if (target.loginRole !== "auto") return openManagement(target, clock);
  const session = await openSession(target, clock).catch(() => undefined);
  return session ?? openManagement(target, clock);
}

async function openSession(target: HostedTarget, clock: ApiClock): Promise<SessionDatabase | undefined> {
  const { projectRef, isReadOnly } = target;
  const api = createManagementApi(target, clock);
  const ways = await findLoginWays(api, { projectRef, isReadOnly, now: clock.monotonicMs });
  const tries = ways.map((way) => openOne(way, target, api.label));
  const first = await Promise.any(tries).catch(() => undefined);
  for (const one of tries) void one.then((other) => (other === first ? undefined : other.close()), noMatter);
  return first;
}

const noMatter = (): void => undefined;

/** Rejects where the database cannot be reached in time, and where its sessions do not begin as the role that owns what is made. */
async function openOne(
  way: LoginWay,
  { projectRef, isReadOnly }: HostedTarget,
  label: string,
): Promise<SessionDatabase> {
  const database = openPostgresAt(way, {
    engine: "postgres",
    id: projectRef,
    label: `${label} (temporary login)`,
    pooling: "none",
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("The database did not answer.")), reachMs).unref();
  });
  try {
    const role = await Promise.race([readRole(database), late]);
    if (!isReadOnly && role !== "postgres") throw new Error("The pooler does not hand the role on.");
    return database;
  } catch (error) {
    void database.close();
    throw error;
  }
}

/** What a session goes back to, and so what owns what migrations make. */
function readRole(database: SessionDatabase): Promise<unknown> {
  return database.withSession(async (session) => {
    await session.run(sql`reset role`);
    return (await session.run(sql`select current_user::text as role`)).rows[0]?.["role"];
  });
}
