import { commands, tokenCommand } from "../../src/commands/index.ts";
import { errorTable, type ErrorKind } from "../../src/engine/index.ts";
import { fileKey, settings, type Setting } from "../../src/config/settings.ts";
import { rules } from "../../src/engine/rules/index.ts";
import { tools, toToolSchemas, type Tool } from "../../src/tools/index.ts";

/** The generated documents by their path: of the sources, so that they cannot say anything else. */
export function renderDocs(): Readonly<Record<string, string>> {
  return {
    "docs/tools.md": renderTools(),
    "docs/configuration.md": renderConfiguration(),
    "docs/errors.md": renderErrors(),
    "docs/rules.md": renderRules(),
  };
}

function renderRules(): string {
  const rows = rules.map(({ id, name, group, severity, detects, why, rewrite }) =>
    row(`\`${id}\` ${name}`, group, severity, detects, why, rewrite),
  );
  return `# Rules

${generated}

What \`check_migrations\` and \`apply_migration\` look for in every statement, also in DO blocks and in functions that the migration
calls. Objects that the migration makes itself, temporary tables, and tables known to be empty are left alone. The severity is the
gravest that a rule gives by itself; where the text alone cannot decide, it says what it needs to know, at \`info\`.

\`-- godwit:allow <id> <reason>\` above a statement allows what a rule says about it; the id or the name may stand there. \`A01\`
tells an allowance without a reason, of an unknown rule, or with nothing to allow.

${row("rule", "group", "severity", "finds", "why", "instead")}
${row("---", "---", "---", "---", "---", "---")}
${rows.join("\n")}
`;
}

const generated = "<!-- Written by `npm run docs` from the sources; do not edit. -->";

function renderTools(): string {
  return `# Tools

${generated}

Every answer has a \`summary\`, and \`warnings\` and \`next_steps\` where there are any. An error answers
\`{ "error": { "code", "message", "hint", … } }\`; [errors.md](errors.md) lists the codes. A \`project_id\`, where one is
given, must be the target's. Each tool is also a command with the same arguments as flags.

${tools.map(renderTool).join("\n")}`;
}

function renderTool(tool: Tool): string {
  const { input, output } = toToolSchemas(tool);
  const required: readonly string[] = input.required ?? [];
  const argumentsOf = Object.entries(input.properties).map(([name, schema]) =>
    row(`\`${name}\``, required.includes(name) ? "yes" : "", describeSchema(schema)),
  );
  const { readOnlyHint, destructiveHint, idempotentHint } = tool.annotations;
  const marks = [
    readOnlyHint ? "changes nothing" : "can change something",
    destructiveHint ? "can destroy" : "",
    idempotentHint ? "can be repeated" : "",
  ].filter((mark) => mark !== "");
  return `## ${tool.name}

${tool.description}

Command: \`godwit ${tool.name.replaceAll("_", "-")}\`. ${capitalize(marks.join(", "))}.

${row("argument", "required", "value")}
${row("---", "---", "---")}
${argumentsOf.join("\n")}

Answers: ${Object.keys(output.properties)
    .filter((name) => name !== "error")
    .map((name) => `\`${name}\``)
    .join(", ")}.
`;
}

function describeSchema(schema: unknown): string {
  const facts =
    typeof schema === "object" && schema !== null ? (schema as Readonly<Record<string, unknown>>) : {};
  const range =
    typeof facts["maximum"] === "number" ? `${String(facts["minimum"])} to ${facts["maximum"]}` : "";
  const choices = Array.isArray(facts["enum"])
    ? facts["enum"].map((choice) => `\`${String(choice)}\``).join(", ")
    : "";
  return [choices === "" ? String(facts["type"] ?? "") : choices, range, String(facts["description"] ?? "")]
    .filter((part) => part !== "")
    .join("; ");
}

function renderConfiguration(): string {
  const rows = settings.map((setting: Setting) =>
    row(
      `\`--${setting.flag}\`${setting.placeholder === undefined ? "" : ` ${setting.placeholder}`}`,
      setting.variables.map((name) => `\`${name}\``).join(", "),
      setting.inFile ? `\`${fileKey(setting.flag)}\`` : "",
      [setting.description, setting.default === undefined ? "" : `Default: ${setting.default}.`]
        .join(" ")
        .trim(),
    ),
  );
  return `# Configuration

${generated}

A flag goes before a variable, a variable before \`godwit.json\`, the file before the default. All problems are told at
once, and none repeats a secret. Unknown flags, unknown keys of the file, and \`GODWIT_\` variables that look mistyped are
errors. Switches take \`true\`, \`false\`, \`1\` and \`0\`, nothing else. Relative folders are below the project, those in
\`godwit.json\` below the file. A value that is literally \`\${NAME}\` counts as not set, with a warning.

${row("flag", "variables", "godwit.json", "meaning")}
${row("---", "---", "---", "---")}
${rows.join("\n")}

${severalTargets}
## HTTP

Callers send \`Authorization: Bearer <token>\` to \`/mcp\`; \`GET /healthz\` needs none. Ways in, all of which may be set up at once:

- nothing set up: a token is made at the start, printed, and good for that run; on loopback only
- \`--token\`: one token that may do everything
- \`godwit token add --name ci --scope write --expires 30d\`: as many as there are callers. \`.godwit/tokens.json\` (mode 0600) keeps
  hashes. Servers that run see a new token, and a revoked one, at the next request.
- \`--oauth-issuer\` with \`--public-url\`: access tokens (JWT, asymmetric signature) of that issuer, meant for that address, with \`exp\`, \`sub\` and
  a scope. \`/.well-known/oauth-protected-resource\` tells clients where to get one.

| scope | allows |
| --- | --- |
| \`read\` | tools that only read, and \`execute_sql\` without \`write\` |
| \`write\` | also \`create_migration\`, \`apply_migration\` (a dry run too: it takes locks) and \`execute_sql\` with \`write\` |
| \`admin\` | everything |

An address other than loopback is served only with one of these ways in and the host names that callers use (\`--allowed-host\`, or the host of
\`--public-url\`), and belongs behind a proxy that speaks TLS. A caller over \`--rate-limit\` is told 429 and when to come again; ten wrong tokens a minute
from one address close it for guessing. A body over 4 MiB is answered 413; headers must be there within 10 seconds, the whole request within 30. On
SIGTERM new calls are refused with 503 while running ones have 25 seconds to end. Each request is one line of the log: method, path,
status, time, address, caller, tool.

## Commands

${commands.map(({ name, flags }) => `- \`godwit ${name}\`: ${flags.map(({ flag }) => `\`--${flag}\``).join(", ")}`).join("\n")}
- \`godwit token\` add, list or revoke: ${tokenCommand.flags
    .slice(1)
    .map(({ flag }) => `\`--${flag}\``)
    .join(", ")}
`;
}

const exitCodes: Readonly<Record<ErrorKind, number>> = { failed: 1, usage: 2, unreachable: 3, refused: 4 };

function renderErrors(): string {
  const rows = Object.entries(errorTable).map(([code, { kind, hint }]) =>
    row(`\`${code}\``, String(exitCodes[kind]), kind, hint),
  );
  return `# Errors

${generated}

An error has a code that never changes its meaning, a message with the facts, and a hint that says what to do. An error of
the database keeps its SQLSTATE and gains file, statement, line and column. The exit code is that of the command line;
with \`detect-drift --against-url\` it is 2 for each of them, after 0 for equal schemas and 1 for different ones.

${row("code", "exit code", "kind", "hint")}
${row("---", "---", "---", "---")}
${rows.join("\n")}
`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const severalTargets = `## Several targets

\`targets\` in \`godwit.json\` gives each database that the folder's migrations go to a label. Calls choose by label (\`target\` of every tool,
\`--target\` of every command), never by an address; the settings of one database (\`--database-url\` and the like) then have no place.

\`\`\`json
{
  "targets": {
    "development": { "data_dir": ".godwit/embedded" },
    "staging": { "database_url_env": "STAGING_DATABASE_URL" },
    "production": { "supabase_project_ref": "abcdefghijklmnopqrst", "supabase_access_token_env": "PRODUCTION_TOKEN" }
  }
}
\`\`\`

| key of a target | meaning |
| --- | --- |
| \`database_url_env\` | name of the variable that holds its Postgres address; an address in the file is refused |
| \`supabase_project_ref\` | hosted project, worked on through its Management API where no address is given |
| \`supabase_access_token_env\` | name of the variable that holds its access token; \`SUPABASE_ACCESS_TOKEN\` where absent |
| \`data_dir\` | folder of an embedded database, or \`memory\` |
| \`project_id\` | the project's ref; calls that name another project are refused |
| \`production\` | whether every write needs a yes that names the target; true where absent and the label says \`prod\`, \`production\` or \`live\` |
| \`read_only\` | refuses every write to this target |

A label has up to 32 lower-case letters, digits, \`-\` and \`_\`. Calls that name no target mean \`--target\`, else the first that is no production. A target whose variable
is not set can be left alone: only calls that choose it are refused (\`target_not_set_up\`). Whoever says yes to a change of production names it: \`target\`
beside \`confirm\`, or its label typed where Godwit asks a person. \`detect_drift { against: "staging" }\` compares the live schemas of two targets.

\`apply_migration { target: "production", promote_from: "staging" }\` applies the files that wait on production and that staging records as run, with the same checksums, in
order and no other, under a plan id of their own; \`dry_run\` and \`confirm\` go with it as ever. It is refused (\`not_promotable\`) where staging ran one with another text, only
marked it as applied, or ran something that the folder has lost, and where production's schema is not what its applied files make in what these
files touch. Runs of the Supabase CLI count where the SQL that it recorded is the file's; a version that the CLI only marked as applied looks the same.

`;
