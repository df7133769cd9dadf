import type { QueryResult, Row } from "../ports.ts";
import { columnTypeName } from "./column-types.ts";
import { parseValue } from "./value-parsers.ts";

/** What a driver received for one statement, before anything is interpreted. */
export interface ReceivedResult {
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly command: string;
  readonly rowsAffected: number;
}

/** The same result for the same answer, whichever driver received it. A repeated column name gets `_2`, `_3`, so that no value is lost. */
export function toQueryResult(received: ReceivedResult): QueryResult {
  const columnNames = distinctNames(received.columns.map((column) => column.name));
  const columns = received.columns.map((column, index) => ({
    name: columnNames[index] ?? column.name,
    type: columnTypeName(column.typeOid),
  }));
  const rows = received.rows.map((cells): Row =>
    Object.fromEntries(
      received.columns.map((column, index) => [
        columnNames[index] ?? column.name,
        parseValue(column.typeOid, cells[index] ?? null),
      ]),
    ),
  );
  return { rows, columns, command: received.command, rowsAffected: received.rowsAffected };
}

/** The command and the count of a command tag such as `INSERT 0 2`, `SELECT 1`, `CREATE TABLE`. */
export function parseCommandTag(tag: string): Pick<QueryResult, "command" | "rowsAffected"> {
  const [, command = tag, count] = /^(.*?)(?: (?:\d+ )?(\d+))?$/.exec(tag) ?? [];
  return { command, rowsAffected: Number(count ?? 0) };
}

function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    const distinct = seen.has(name) ? nextFree(name, taken) : name;
    seen.add(distinct);
    taken.add(distinct);
    return distinct;
  });
}

function nextFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${name}_${number}`)) return `${name}_${number}`;
  }
}
