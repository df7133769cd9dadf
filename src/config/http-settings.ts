import type { Setting } from "./setting.ts";
import { count, hostName, listenAddress, origins, token, webUrl } from "./setting-values.ts";

/** The settings of the HTTP server, in the order in which help shows them. */
export const httpSettings = [
  {
    flag: "http",
    variables: [],
    form: "optional",
    placeholder: "HOST:PORT",
    description: "Serves Streamable HTTP instead of stdio.",
    default: "127.0.0.1 and a free port",
    inFile: false,
    schema: listenAddress,
  },
  {
    flag: "token",
    variables: ["GODWIT_TOKEN"],
    form: "value",
    placeholder: "TOKEN",
    isSecret: true,
    description: "Bearer token that lets HTTP callers do everything, beside those of `godwit token`.",
    default: "a new one at each start, where there is no other way in",
    inFile: false,
    schema: token,
  },
  {
    flag: "oauth-issuer",
    variables: ["GODWIT_OAUTH_ISSUER"],
    form: "value",
    placeholder: "URL",
    description:
      "Takes HTTP callers' access tokens of this OAuth issuer, with the scopes read, write and admin.",
    inFile: true,
    schema: webUrl,
  },
  {
    flag: "oauth-jwks-url",
    variables: ["GODWIT_OAUTH_JWKS_URL"],
    form: "value",
    placeholder: "URL",
    description: "Where that issuer publishes its keys.",
    default: "as the issuer's metadata says",
    inFile: true,
    schema: webUrl,
  },
  {
    flag: "public-url",
    variables: ["GODWIT_PUBLIC_URL"],
    form: "value",
    placeholder: "URL",
    description:
      "Address of /mcp for HTTP callers, such as https://db.example.com/mcp; access tokens must be meant for it.",
    inFile: true,
    schema: webUrl,
  },
  {
    flag: "rate-limit",
    variables: ["GODWIT_RATE_LIMIT"],
    form: "value",
    placeholder: "NUMBER",
    description: "Requests a minute of one HTTP caller; 0 is no limit.",
    default: "600",
    inFile: true,
    schema: count,
  },
  {
    flag: "allowed-host",
    variables: ["GODWIT_ALLOWED_HOSTS"],
    form: "list",
    placeholder: "HOST",
    description:
      "Host name by which HTTP callers may reach the server, beside loopback. May be given many times.",
    inFile: true,
    schema: hostName,
  },
  {
    flag: "allowed-origin",
    variables: ["GODWIT_ALLOWED_ORIGINS"],
    form: "list",
    placeholder: "ORIGIN",
    description: "Web origin whose pages may call the server, beside loopback. May be given many times.",
    inFile: true,
    schema: origins,
  },
] as const satisfies readonly Setting[];
