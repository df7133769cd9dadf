import { openSocket } from "./open-socket.ts";
import type { ConnectionAddress } from "./connection-url.ts";

/** What names a running backend to the server; sent to every client at login. */
export interface BackendKey {
  readonly pid: number;
  readonly secret: number;
}

/** The key that the driver keeps on a query it has sent; undefined for one that is not sent yet. */
export function readBackendKey(query: object): BackendKey | undefined {
  const state: unknown = Reflect.get(query, "state");
  if (typeof state !== "object" || state === null || !("pid" in state) || !("secret" in state))
    return undefined;
  const { pid, secret } = state;
  return typeof pid === "number" && typeof secret === "number" ? { pid, secret } : undefined;
}

/**
 * Sends the protocol's CancelRequest (length 16, code 80877102) over a connection of its own; the server answers by closing it,
 * whether or not it cancelled anything.
 */
export async function sendCancelRequest(address: ConnectionAddress, key: BackendKey): Promise<void> {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeUInt32BE(key.pid >>> 0, 8);
  message.writeUInt32BE(key.secret >>> 0, 12);
  const socket = await openSocket(address);
  await new Promise<void>((resolve, reject) => {
    socket.once("close", () => resolve());
    socket.once("error", reject);
    socket.resume();
    socket.write(message);
  });
}
