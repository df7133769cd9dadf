import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A loopback proxy in front of a server, with faults that the test chooses. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that have come from the server over all connections so far. */
  readonly bytesFromServer: () => number;
  /** How often a client has sent something after an answer so far. */
  readonly roundTrips: () => number;
  /** Cuts every open connection now: the client sees a reset, the server the end of its client. */
  readonly cutNow: () => void;
  /** Cuts when the client sends the given text, after it was passed on: the request arrives, the answer does not. */
  readonly cutAfterRequest: (text: string) => void;
  /** As `cutAfterRequest`, and from that moment on nobody gets through any more. */
  readonly cutAfterRequestForGood: (text: string) => void;
  /** Cuts when the client sends the given text, before it is passed on: the request never arrives. */
  readonly cutBeforeRequest: (text: string) => void;
  /** Cuts after so many more bytes from the server; the last of them still arrive. */
  readonly cutAfterBytes: (count: number) => void;
  /** Keeps every byte from the server back for so long; 0 ends it. */
  readonly delayAnswers: (delayMs: number) => void;
  /** Silently drops everything in both directions, as a network that is down does. */
  readonly goDark: () => void;
  /** Ends every fault; connections that were cut stay cut. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

interface Faults {
  readonly cutRequest?: { readonly text: string; readonly isPassedOn: boolean; readonly afterwards?: Faults };
  readonly bytesLeft?: number;
  readonly delayMs: number;
  readonly isDark: boolean;
  readonly isShut: boolean;
}

const noFaults: Faults = { delayMs: 0, isDark: false, isShut: false };

/** Starts a proxy to a port on this machine. */
export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const state = { faults: noFaults, bytesFromServer: 0, roundTrips: 0, isAnswered: true };

  const cutNow = (): void => {
    for (const [client, server] of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    pairs.clear();
  };

  const passRequest = (chunk: Buffer, server: Socket): void => {
    if (state.isAnswered) state.roundTrips += 1;
    state.isAnswered = false;
    if (state.faults.isDark) return;
    const cut = state.faults.cutRequest;
    if (cut === undefined || !chunk.includes(cut.text)) {
      server.write(chunk);
      return;
    }
    state.faults = cut.afterwards ?? noFaults;
    if (!cut.isPassedOn) {
      cutNow();
      return;
    }
    server.write(chunk);
    cutClients(pairs);
  };

  const passAnswer = (chunk: Buffer, client: Socket): void => {
    state.bytesFromServer += chunk.length;
    if (state.faults.isDark) return;
    const { bytesLeft } = state.faults;
    if (bytesLeft !== undefined && chunk.length >= bytesLeft) {
      state.faults = noFaults;
      client.write(chunk.subarray(0, bytesLeft), cutNow);
      return;
    }
    if (bytesLeft !== undefined) state.faults = { ...state.faults, bytesLeft: bytesLeft - chunk.length };
    const answer = () => {
      state.isAnswered = true;
      if (!client.destroyed) client.write(chunk);
    };
    if (state.faults.delayMs === 0) answer();
    else setTimeout(answer, state.faults.delayMs);
  };

  const proxy = createServer((client) => {
    if (state.faults.isShut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(serverPort, "127.0.0.1");
    const pair = [client, server] as const;
    pairs.add(pair);
    client.on("data", (chunk) => passRequest(chunk, server));
    server.on("data", (chunk) => passAnswer(chunk, client));
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on("error", () => undefined);
      from.on("close", () => {
        pairs.delete(pair);
        to.end();
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    bytesFromServer: () => state.bytesFromServer,
    roundTrips: () => state.roundTrips,
    cutNow,
    cutAfterRequest: (text) => void (state.faults = { ...noFaults, cutRequest: { text, isPassedOn: true } }),
    cutAfterRequestForGood: (text) =>
      void (state.faults = {
        ...noFaults,
        cutRequest: { text, isPassedOn: true, afterwards: { ...noFaults, isShut: true } },
      }),
    cutBeforeRequest: (text) =>
      void (state.faults = { ...noFaults, cutRequest: { text, isPassedOn: false } }),
    cutAfterBytes: (count) => void (state.faults = { ...noFaults, bytesLeft: count }),
    delayAnswers: (delayMs) => void (state.faults = { ...noFaults, delayMs }),
    goDark: () => void (state.faults = { ...noFaults, isDark: true }),
    heal: () => void (state.faults = noFaults),
    close: async () => {
      cutNow();
      proxy.close();
      await once(proxy, "close");
    },
  };
}

/** Cuts the clients alone and lets the servers finish what they were sent. */
function cutClients(pairs: Set<readonly [Socket, Socket]>): void {
  for (const [client, server] of pairs) {
    server.removeAllListeners("data");
    server.resume();
    client.removeAllListeners("close");
    client.resetAndDestroy();
    // A server works off what it has received before it notices the end of its input.
    server.end();
  }
  pairs.clear();
}
