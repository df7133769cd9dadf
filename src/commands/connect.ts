/** How clients start or reach this server, ready to paste. Holds no secret but a token that is being handed out. */
export interface StdioConnection {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that the client must hand on, by name. */
  readonly variables: readonly string[];
}

export interface HttpConnection {
  readonly kind: "http";
  readonly url: string;
  readonly token: string;
}

export type Connection = StdioConnection | HttpConnection;

/** A short text with the configuration for three clients. */
export function renderConnection(connection: Connection): string {
  return `Claude Code
  ${claudeCommand(connection)}
Cursor, .cursor/mcp.json
  ${JSON.stringify({ mcpServers: { godwit: clientEntry(connection) } })}
VS Code, .vscode/mcp.json
  ${JSON.stringify({ servers: { godwit: { type: connection.kind, ...clientEntry(connection) } } })}`;
}

function claudeCommand(connection: Connection): string {
  if (connection.kind === "http") {
    return `claude mcp add --transport http godwit ${connection.url} --header "Authorization: Bearer ${connection.token}"`;
  }
  const variables = connection.variables.map((name) => ` -e ${name}="$${name}"`).join("");
  return `claude mcp add godwit${variables} -- ${[connection.command, ...connection.args].map(quote).join(" ")}`;
}

function clientEntry(connection: Connection): object {
  if (connection.kind === "http") {
    return { url: connection.url, headers: { Authorization: `Bearer ${connection.token}` } };
  }
  const env = Object.fromEntries(connection.variables.map((name) => [name, `\${env:${name}}`]));
  return {
    command: connection.command,
    args: connection.args,
    ...(connection.variables.length === 0 ? {} : { env }),
  };
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
