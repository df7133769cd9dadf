import type { protocol as Protocol } from "@electric-sql/pglite";
import { extendedQueryMessage, readAnswer } from "../database/pglite-protocol.ts";
import { toQueryResult } from "../database/query-result.ts";
import { assertNoClientCopy } from "../database/refuse-copy.ts";
import type { Session } from "../ports.ts";
import { writeRequestedVersions } from "../stand-in/index.ts";
import type { Instance, InstanceFile } from "./instance.ts";

/** A session on an instance in another process, which is ended where a statement takes longer than `timeoutMs`. */
export async function openInstanceSession(instance: Instance, timeoutMs: number): Promise<Session> {
  const { protocol } = await import("@electric-sql/pglite");
  return {
    run: async (query) => {
      assertNoClientCopy(query.text);
      const files: InstanceFile[] = [];
      writeRequestedVersions({ writeFile: (path, content) => files.push({ path, content }) }, query.text);
      if (files.length > 0) await instance.write(files);
      const bytes = await instance.send(extendedQueryMessage(protocol, query), timeoutMs);
      const { error, result } = readAnswer(protocol, parseMessages(protocol, bytes));
      if (error !== undefined) throw error;
      return toQueryResult(result);
    },
    cancel: async () => instance.end(),
    discard: instance.end,
    notices: () => [],
  };
}

function parseMessages({ Parser }: typeof Protocol, bytes: Uint8Array) {
  const messages: Parameters<Parameters<InstanceType<typeof Parser>["parse"]>[1]>[0][] = [];
  new Parser().parse(bytes, (message) => messages.push(message));
  return messages;
}
