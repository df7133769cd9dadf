import { foldWord, isBlank, lex } from "./lex.ts";
import type { Node } from "./parse.ts";
import { namesOf, walkTree } from "./walk-tree.ts";

/** What a statement does that a rollback does not take back; `what` completes the sentence "It …". */
export interface Survivor {
  /** `sequence` is measured and told; `outside` must not happen in a rehearsal at all. */
  readonly kind: "sequence" | "outside";
  readonly what: string;
}

interface SurvivingCall extends Survivor {
  readonly name: RegExp;
}

/** Functions whose effect stays after a rollback (safety, section 2.6, and PostgreSQL's chapters on administration functions). */
const calls: readonly SurvivingCall[] = [
  { name: /^(?:nextval|setval)$/, kind: "sequence", what: "moves a sequence" },
  { name: /^dblink/, kind: "outside", what: "runs SQL on another connection" },
  {
    name: /^(?:lo_export|pg_file_\w+)$/,
    kind: "outside",
    what: "writes a file of the server",
  },
  {
    name: /^pg_(?:create|copy)_(?:physical|logical)_replication_slot$|^pg_drop_replication_slot$|^pg_replication_(?:slot_advance|origin_\w+)$|^pg_logical_slot_get_\w+$/,
    kind: "outside",
    what: "changes replication",
  },
  {
    name: /^pg_(?:try_)?advisory_lock(?:_shared)?$|^pg_advisory_unlock\w*$/,
    kind: "outside",
    what: "takes a lock for the whole session",
  },
  {
    name: /^pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile|promote|switch_wal|create_restore_point|wal_replay_\w+|log_backend_memory_contexts|backup_(?:start|stop)|start_backup|stop_backup|stat_reset\w*|stat_statements_reset)$/,
    kind: "outside",
    what: "acts on the server or on other sessions",
  },
  { name: /^http(?:_\w+)?$/, kind: "outside", what: "sends a request over the network" },
  { name: /^pg_background_\w+$/, kind: "outside", what: "runs SQL in another process" },
];

/** What of a parsed statement survives a rollback, the names of called functions aside. */
export function findSurvivors(node: Node): readonly Survivor[] {
  const found: Survivor[] = [...survivingCommand(node)];
  walkTree(node, (kind, fields) => {
    if (kind === "FuncCall") found.push(...callNamed(namesOf(fields["funcname"]).at(-1)));
  });
  if ("DoStmt" in node) found.push(...bodiesOf(node).flatMap(findSurvivorsInBody));
  return distinct(found);
}

/** The same for the text of a function's body; what is written in a string literal there does not count. */
export function findSurvivorsInBody(body: string): readonly Survivor[] {
  const words = lex(body).filter((token) => !isBlank(token));
  const texts = words.map((token) => foldWord(body.slice(token.start, token.end)));
  const found = texts.flatMap((text, index) => {
    if (text === "copy" && hasFileOrProgram(texts.slice(index + 1))) return [fileOrProgram];
    return texts[index + 1] === "(" ? callNamed(text) : [];
  });
  return distinct(found);
}

/** The functions that a statement names as calls, by their last name, in lower case. */
export function listCalledFunctions(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walkTree(node, (kind, fields) => {
    if (kind !== "FuncCall") return;
    const name = namesOf(fields["funcname"]).at(-1);
    if (name !== undefined) names.add(name);
  });
  if ("DoStmt" in node)
    for (const body of bodiesOf(node)) for (const name of listCallsInBody(body)) names.add(name);
  return names;
}

/** Words before an opening parenthesis: every call is one of them, and not every one is a call. */
export function listCallsInBody(body: string): ReadonlySet<string> {
  const texts = lex(body)
    .filter((token) => !isBlank(token))
    .map((token) => foldWord(body.slice(token.start, token.end)));
  return new Set(texts.filter((_, index) => texts[index + 1] === "("));
}

const fileOrProgram: Survivor = {
  kind: "outside",
  what: "reads or writes a file of the server, or runs a program",
};

function survivingCommand(node: Node): readonly Survivor[] {
  if ("CopyStmt" in node) {
    const { is_from: isFrom, is_program: isProgram, filename } = node.CopyStmt;
    const isOutside = isProgram === true || (isFrom !== true && filename !== undefined);
    return isOutside ? [fileOrProgram] : [];
  }
  if ("LoadStmt" in node) return [{ kind: "outside", what: "loads a library into the server's process" }];
  const connects = ["CreateSubscriptionStmt", "AlterSubscriptionStmt", "DropSubscriptionStmt"];
  if (connects.some((name) => name in node)) return [{ kind: "outside", what: "changes replication" }];
  return [];
}

function callNamed(name: string | undefined): readonly Survivor[] {
  if (name === undefined) return [];
  return calls.filter((call) => call.name.test(name.toLowerCase())).map(({ kind, what }) => ({ kind, what }));
}

function hasFileOrProgram(rest: readonly string[]): boolean {
  const end = rest.indexOf(";");
  const statement = end === -1 ? rest : rest.slice(0, end);
  return statement.some(
    (text, index) => text === "program" || (text === "to" && (statement[index + 1] ?? "").startsWith("'")),
  );
}

function bodiesOf(node: Node): readonly string[] {
  if (!("DoStmt" in node)) return [];
  const found: string[] = [];
  walkTree(node, (kind, fields) => {
    const text = fields["sval"];
    if (kind === "String" && typeof text === "string") found.push(text);
  });
  return found;
}

function distinct(survivors: readonly Survivor[]): readonly Survivor[] {
  return survivors.filter(
    (each, index) => survivors.findIndex((other) => other.what === each.what) === index,
  );
}
