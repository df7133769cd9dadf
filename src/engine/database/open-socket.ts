import { readFile } from "node:fs/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, rootCertificates, type ConnectionOptions } from "node:tls";
import { EngineError } from "../errors.ts";
import { describeHosts, socketPath, type ConnectionAddress, type HostPort } from "./connection-url.ts";
import { toConnectError } from "./translate-error.ts";

const connectTimeoutMs = 10_000;

/**
 * A connected socket to the first host that answers, encrypted as the address asks. Throws `target_unreachable` with host and
 * port where none answers within 10 s.
 */
export async function openSocket(address: ConnectionAddress): Promise<Socket> {
  const failures: unknown[] = [];
  for (const place of address.hosts) {
    try {
      return await openSocketTo(place, address);
    } catch (error) {
      failures.push(error);
    }
  }
  throw toConnectError(failures[0], describeHosts(address));
}

async function openSocketTo(place: HostPort, address: ConnectionAddress): Promise<Socket> {
  const path = socketPath(place);
  const socket = path === undefined ? connectTcp(place.port, place.host) : connectTcp(path);
  // Every failure is heard through `close` too; one between two listeners must not end the process.
  socket.on("error", () => undefined);
  const timer = setTimeout(() => socket.destroy(errorWithCode("CONNECT_TIMEOUT")), connectTimeoutMs);
  try {
    await whenEmitted(socket, "connect");
    return await encrypt(socket, place, address);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function encrypt(socket: Socket, place: HostPort, address: ConnectionAddress): Promise<Socket> {
  if (address.tlsMode === "disable") return socket;
  if (!(await askForTls(socket))) {
    if (address.tlsMode === "prefer") return socket;
    throw new EngineError(
      "target_unreachable",
      `The server at ${place.host}:${place.port} offers no TLS, and the address asks for it (sslmode=${address.tlsMode}).`,
      {
        hint: "Correct the address; only for a server that you trust on a network that you trust, add sslmode=disable.",
      },
    );
  }
  const encrypted = connectTls(await tlsOptions(socket, place, address));
  await whenEmitted(encrypted, "secureConnect");
  return encrypted;
}

/** The SSLRequest message of the protocol: length 8, code 80877103; the server answers with one byte, S or N. */
async function askForTls(socket: Socket): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80_877_103, 4);
  const answer = whenEmitted<Buffer>(socket, "data");
  socket.write(request);
  const received = await answer;
  // More than one byte was sent before encryption began: somebody in between (CVE-2021-23222).
  if (received.length !== 1) throw errorWithCode("CONNECTION_CLOSED");
  return received[0] === "S".charCodeAt(0);
}

async function tlsOptions(
  socket: Socket,
  place: HostPort,
  address: ConnectionAddress,
): Promise<ConnectionOptions> {
  const isVerified = address.tlsMode === "verify-ca" || address.tlsMode === "verify-full";
  return {
    socket,
    rejectUnauthorized: isVerified,
    ...(isIP(place.host) === 0 ? { servername: place.host } : { host: place.host }),
    ...(address.tlsMode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
    ...(isVerified ? { ca: [...(await readRootCertificates(address.rootCertificate))] } : {}),
  };
}

async function readRootCertificates(path: string | undefined): Promise<readonly string[]> {
  if (path === undefined || path === "system") return rootCertificates;
  try {
    return [await readFile(path, "utf8")];
  } catch (cause) {
    throw new EngineError(
      "invalid_settings",
      `The file ${path} that sslrootcert names cannot be read.`,
      {},
      cause,
    );
  }
}

/** The first value of an event, unless the socket fails or closes before. */
function whenEmitted<T = void>(socket: Socket, event: "connect" | "secureConnect" | "data"): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off(event, succeed).off("error", fail).off("close", close);
      act();
    };
    const succeed = (value: T): void => settle(() => resolve(value));
    const fail = (error: Error): void => settle(() => reject(error));
    const close = (): void => settle(() => reject(errorWithCode("CONNECTION_CLOSED")));
    socket.once(event, succeed).once("error", fail).once("close", close);
  });
}

function errorWithCode(code: string): Error {
  return Object.assign(new Error(""), { code });
}
