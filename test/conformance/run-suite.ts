import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod";

const suite = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/", import.meta.url),
);
const runner = fileURLToPath(new URL("run-suite.mjs", import.meta.url));

export type Revision = "2025-11-25" | "2026-07-28";

/** The scenarios that a server must pass for this revision, as the suite froze them; others are extensions, or not yet settled. */
export function readRequired(revision: Revision): readonly string[] {
  const file = readFileSync(join(suite, "requirements", `${revision}.yaml`), "utf8");
  return z.object({ server: z.array(z.string()) }).parse(parse(file)).server;
}

/** What one run of the suite's command is to look at. */
export type Part =
  | { readonly requirements: Revision }
  | { readonly scenario: string; readonly version: Revision };

/** What the suite found in one scenario. */
export interface ScenarioFindings {
  readonly scenario: string;
  readonly passed: number;
  /** Each check that did not pass: its id and what was wrong. */
  readonly failed: readonly string[];
}

const checksShape = z.array(
  z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

/** Runs these parts of the official suite against a server, with no failure expected. */
export async function runSuite(
  { url, token }: { readonly url: string; readonly token: string },
  parts: readonly Part[],
): Promise<readonly ScenarioFindings[]> {
  const folder = mkdtempSync(join(tmpdir(), "godwit-conformance-"));
  const relay = await startRelay(url, token);
  try {
    const lines = parts.map((part, index) => [
      "server",
      ...["--url", relay.url, "--output-dir", join(folder, String(index))],
      ...("requirements" in part
        ? ["--requirements", part.requirements]
        : ["--scenario", part.scenario, "--spec-version", part.version]),
    ]);
    const child = spawn(process.execPath, [runner, JSON.stringify(lines)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [printed] = await Promise.all([text(child.stderr), once(child, "close")]);
    const findings = readFindings(folder);
    if (findings.length < parts.length) throw new Error(`The suite did not run: ${printed.slice(-2000)}`);
    return findings;
  } finally {
    relay.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readFindings(folder: string): readonly ScenarioFindings[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith("checks.json"),
  );
  return files.map((file) => {
    const checks = checksShape.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    return {
      // Its folder is named `server-<scenario>-<time>`.
      scenario: basename(dirname(file)).replace(/^server-(.*)-\d{4}-\d\d-\d\dT.*$/, "$1"),
      passed: checks.filter(({ status }) => status === "SUCCESS").length,
      failed: checks
        .filter(({ status }) => status === "FAILURE" || status === "WARNING")
        .map(({ id, errorMessage = "" }) => `${id}: ${errorMessage}`),
    };
  });
}

/** The suite cannot send a token: everything goes on unchanged, but for that one header. */
async function startRelay(
  url: string,
  token: string,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const target = new URL(url);
  const server = createServer((incoming, outgoing) => {
    const headers = [...incoming.rawHeaders, "Authorization", `Bearer ${token}`];
    const { method, url: path } = incoming;
    const onward = forward({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/mcp`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
