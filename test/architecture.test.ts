import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { slowFiles } from "./support/slow-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A part of src: a folder, or single files at its top. The first that matches a path is its layer. */
interface Layer {
  readonly name: string;
  readonly paths: readonly string[];
  /** Layers that it may import, beside itself. */
  readonly mayImport: readonly string[];
}

const stages = [
  "sql",
  "files",
  "history",
  "catalog",
  "compare",
  "plan",
  "rules",
  "confirmation",
  "stand-in",
  "shadow",
  "prove",
  "database",
  "effects",
  "advisors",
  "typescript",
  "verify",
  "execute",
  "report",
];

const layers: readonly Layer[] = [
  { name: "words", paths: ["src/nearest-match.ts", "src/version.ts", "src/redact.ts"], mayImport: [] },
  { name: "engine door", paths: ["src/engine/index.ts"], mayImport: ["model", "ports", "files", "engine"] },
  { name: "model", paths: ["src/engine/model/"], mayImport: [] },
  {
    name: "ports",
    paths: [
      "src/engine/ports.ts",
      "src/engine/errors.ts",
      "src/engine/error-table.ts",
      "src/engine/error-code.ts",
      "src/engine/requests.ts",
      "src/engine/target-address.ts",
    ],
    mayImport: ["model"],
  },
  { name: "sql", paths: ["src/engine/sql/"], mayImport: ["model", "ports"] },
  { name: "files", paths: ["src/engine/files/"], mayImport: ["model", "ports", "sql"] },
  { name: "stand-in", paths: ["src/engine/stand-in/"], mayImport: ["model", "ports"] },
  { name: "database", paths: ["src/engine/database/"], mayImport: ["model", "ports", "stand-in", "sql"] },
  {
    name: "history",
    paths: ["src/engine/history/"],
    mayImport: ["model", "ports", "sql", "files", "database"],
  },
  { name: "catalog", paths: ["src/engine/catalog/"], mayImport: ["model", "ports", "database"] },
  {
    name: "effects",
    paths: ["src/engine/effects/"],
    mayImport: ["model", "ports", "sql", "database"],
  },
  {
    name: "advisors",
    paths: ["src/engine/advisors/"],
    mayImport: ["model", "ports", "database"],
  },
  {
    name: "verify",
    paths: ["src/engine/verify/"],
    mayImport: ["model", "ports", "sql", "catalog", "database", "effects", "advisors"],
  },
  { name: "typescript", paths: ["src/engine/typescript/"], mayImport: ["model", "ports", "database"] },
  {
    name: "shadow",
    paths: ["src/engine/shadow/"],
    mayImport: ["model", "ports", "sql", "catalog", "compare", "plan", "stand-in", "database"],
  },
  {
    name: "prove",
    paths: ["src/engine/prove/"],
    mayImport: ["model", "ports", "catalog", "compare", "plan", "shadow", "database"],
  },
  { name: "compare", paths: ["src/engine/compare/"], mayImport: ["model", "sql", "files"] },
  { name: "plan", paths: ["src/engine/plan/"], mayImport: ["model", "ports", "sql", "files", "compare"] },
  {
    name: "confirmation",
    paths: ["src/engine/confirmation/"],
    mayImport: ["model", "ports", "sql", "plan", "database"],
  },
  { name: "rules", paths: ["src/engine/rules/"], mayImport: ["model", "ports", "sql"] },
  {
    name: "report",
    paths: ["src/engine/report/"],
    mayImport: [
      "model",
      "ports",
      "sql",
      "files",
      "compare",
      "plan",
      "prove",
      "rules",
      "execute",
      "effects",
      "confirmation",
    ],
  },
  {
    name: "execute",
    paths: ["src/engine/execute/"],
    mayImport: [
      "model",
      "ports",
      "sql",
      "history",
      "catalog",
      "compare",
      "plan",
      "database",
      "effects",
      "advisors",
    ],
  },
  { name: "use cases", paths: ["src/engine/use-cases/"], mayImport: ["model", "ports", ...stages] },
  {
    name: "engine",
    paths: [
      "src/engine/engine.ts",
      "src/engine/labelled-engine.ts",
      "src/engine/lazy-engine.ts",
      "src/engine/delegate.ts",
      "src/engine/opened-once.ts",
    ],
    mayImport: ["model", "ports", "use cases", ...stages],
  },
  { name: "tools", paths: ["src/tools/"], mayImport: ["engine door", "words"] },
  { name: "tokens", paths: ["src/tokens/"], mayImport: ["engine door"] },
  { name: "errors for callers", paths: ["src/error-answer.ts"], mayImport: ["engine door"] },
  {
    name: "settings",
    paths: ["src/config/"],
    mayImport: ["engine door", "words", "tokens"],
  },
  {
    name: "logging",
    paths: ["src/logging.ts", "src/lazy-log.ts"],
    mayImport: ["engine door", "words", "settings", "errors for callers"],
  },
  { name: "mcp", paths: ["src/mcp/"], mayImport: ["engine door", "tokens", "tools", "errors for callers"] },
  {
    name: "commands",
    paths: ["src/commands/"],
    mayImport: ["engine door", "tokens", "tools", "settings", "errors for callers"],
  },
  {
    name: "program",
    paths: ["src/server.ts", "src/program.ts", "src/run-modes.ts", "src/open-http.ts"],
    mayImport: [
      "engine door",
      "words",
      "tokens",
      "settings",
      "logging",
      "mcp",
      "commands",
      "errors for callers",
    ],
  },
];

/** Packages of the run-time and the only places that may import them. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "@modelcontextprotocol/server": ["src/mcp/"],
  "@modelcontextprotocol/node": ["src/mcp/"],
  "@electric-sql/pglite": ["src/engine/database/", "src/engine/stand-in/", "src/engine/shadow/"],
  postgres: ["src/engine/database/"],
  "libpg-query": ["src/engine/sql/"],
  pino: ["src/logging.ts"],
  "@supabase/supabase-js": ["src/engine/verify/"],
  yaml: ["src/engine/verify/"],
  jose: ["src/mcp/"],
  zod: [
    "src/engine/history/",
    "src/engine/catalog/",
    "src/engine/shadow/",
    "src/engine/effects/",
    "src/engine/advisors/",
    "src/engine/typescript/",
    "src/engine/verify/",
    "src/tools/",
    "src/tokens/",
    "src/config/",
    "src/mcp/",
    "src/commands/",
  ],
};

/** Names that say nothing (docs of style). */
const forbiddenNames = [
  "util",
  "utils",
  "helper",
  "helpers",
  "manager",
  "service",
  "common",
  "core",
  "types",
  "data",
  "info",
  "process",
  "handle",
];

interface Import {
  readonly from: string;
  readonly to: string;
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const files = listFiles("src");
const imports = files.flatMap(readImports);

function readImports(from: string): readonly Import[] {
  const text = readFileSync(join(root, from), "utf8");
  const statements = text.matchAll(/^(?:import|export)\s+(?:[^"';]*?\sfrom\s)?"([^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  const toTarget = (specifier: string): string =>
    specifier.startsWith(".") ? normalize(join(dirname(from), specifier)).replaceAll("\\", "/") : specifier;
  return [...[...statements, ...dynamic].map(([, specifier = ""]) => ({ from, to: toTarget(specifier) }))];
}

function layerOf(path: string): Layer | undefined {
  return layers.find(({ paths }) =>
    paths.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place)),
  );
}

describe("the layers", () => {
  it("have a place for every file", () => {
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it("import only downwards", () => {
    const stray = imports.filter(({ from, to }) => {
      if (!to.startsWith("src/")) return false;
      const [own, other] = [layerOf(from), layerOf(to)];
      return own !== other && own !== undefined && other !== undefined && !own.mayImport.includes(other.name);
    });
    expect(stray.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("have no cycle between files", () => {
    expect(findCycle(files, imports)).toEqual([]);
  });

  it("have no cycle between the files of the tests", () => {
    const tests = listFiles("test");
    expect(findCycle(tests, tests.flatMap(readImports))).toEqual([]);
  });

  it("reach the engine from outside through its door only", () => {
    const stray = imports.filter(
      ({ from, to }) =>
        !from.startsWith("src/engine/") && to.startsWith("src/engine/") && to !== "src/engine/index.ts",
    );
    expect(stray.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });
});

describe("a package", () => {
  it("is imported in its home only", () => {
    const stray = imports.filter(({ from, to }) => {
      const home = homes[packageOf(to)];
      return home !== undefined && !home.some((place) => from.startsWith(place));
    });
    expect(stray.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("has a home", () => {
    const strangers = imports.filter(
      ({ to }) => !to.startsWith("src/") && !to.startsWith("node:") && to !== "package.json",
    );
    expect(strangers.filter(({ to }) => homes[packageOf(to)] === undefined)).toEqual([]);
  });

  it("that is needed at run time is one of the short list", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly dependencies: object;
    };
    expect(Object.keys(manifest.dependencies).toSorted()).toEqual(Object.keys(homes).toSorted());
  });
});

describe("a file", () => {
  it("is at most 300 lines long", () => {
    const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 301);
    expect(long).toEqual([]);
  });

  it("has a name that says what it does", () => {
    // The template of that name is called what its callers call it.
    const judged = files.filter((file) => file !== "src/engine/files/templates/data.ts");
    const vague = judged.filter((file) =>
      file.split("/").some((part) => forbiddenNames.includes(part.replace(/\.ts$/, ""))),
    );
    expect(vague).toEqual([]);
  });

  it("has a name in kebab-case", () => {
    expect(files.filter((file) => !/^[a-z0-9/-]+\.ts$/.test(file))).toEqual([]);
  });

  it("names the file that it imports with its end", () => {
    expect(imports.filter(({ to }) => to.startsWith("src/") && !to.endsWith(".ts"))).toEqual([]);
  });

  it("writes to the console only where stdout is kept for the protocol", () => {
    const talking = files.filter((file) => /\bconsole\./.test(readFileSync(join(root, file), "utf8")));
    expect(talking).toEqual(["src/mcp/stdio.ts"]);
  });
});

describe("the order of the tests", () => {
  it("names files that are there", () => {
    expect(slowFiles.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

/** Depth first; answers the files of the first cycle. Types count: files that name one another are one file to whoever reads them. */
function findCycle(all: readonly string[], between: readonly Import[]): readonly string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of between.filter(({ from }) => from === file)) {
      const cycle = visit(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of all) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function packageOf(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
