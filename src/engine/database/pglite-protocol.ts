import type { protocol as Protocol } from "@electric-sql/pglite";
import type { DatabaseError } from "../errors.ts";
import type { Notice, Query } from "../ports.ts";
import { parseCommandTag, type ReceivedResult } from "./query-result.ts";
import { toDatabaseError } from "./translate-error.ts";
import { formatParameter } from "./value-parsers.ts";

type ProtocolModule = typeof Protocol;
type Message = { readonly name: string };

/** What the messages that answer one statement say. */
export interface Answer {
  readonly result: ReceivedResult;
  readonly notices: readonly Notice[];
  readonly error?: DatabaseError;
  /** True where a transaction is open, or aborted and not yet ended. */
  readonly inTransaction: boolean;
}

/** One statement as the server's extended protocol wants it: parse, bind, describe, execute, sync; all unnamed. */
export function extendedQueryMessage({ serialize }: ProtocolModule, query: Query): Uint8Array {
  return Buffer.concat([
    serialize.parse({ text: query.text }),
    serialize.bind({ values: query.values.map(formatParameter) }),
    serialize.describe({ type: "P" }),
    serialize.execute({}),
    serialize.sync(),
  ]);
}

/** Reads the messages that came back for one statement. */
export function readAnswer({ messages: kinds }: ProtocolModule, messages: readonly Message[]): Answer {
  const fields = messages.find((message) => message instanceof kinds.RowDescriptionMessage)?.fields ?? [];
  const tag = messages.find((message) => message instanceof kinds.CommandCompleteMessage)?.text ?? "";
  const ready = messages.findLast((message) => message instanceof kinds.ReadyForQueryMessage);
  const error = messages.find((message) => message instanceof kinds.DatabaseError);
  return {
    result: {
      columns: fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
      rows: messages.filter((message) => message instanceof kinds.DataRowMessage).map((row) => row.fields),
      ...parseCommandTag(tag),
    },
    notices: messages
      .filter((message) => message instanceof kinds.NoticeMessage)
      .map(({ severity, message }) => ({ severity: severity ?? "NOTICE", message: message ?? "" })),
    inTransaction: ready !== undefined && ready.status !== "I",
    ...(error === undefined ? {} : { error: toDatabaseError(error) }),
  };
}
