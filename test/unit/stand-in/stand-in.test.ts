import { describe, expect, it } from "vitest";
import {
  imageFileName,
  installStandIn,
  standInDigest,
  standInExtensions,
  standInStatements,
  writeRequestedVersions,
} from "../../../src/engine/stand-in/index.ts";
import { requestedVersions } from "../../../src/engine/stand-in/requested-versions.ts";

const recordWrites = () => {
  const written = new Map<string, string | Uint8Array>();
  return {
    written,
    writeFile: (path: string, content: string | Uint8Array): void => void written.set(path, content),
  };
};

describe("the stand-in for a fresh Supabase project", () => {
  it("makes the roles before anything that they own", () => {
    expect(standInStatements()[0]?.file).toBe("10-roles.sql");
  });

  it("leaves the tables of the migration history to the engine", () => {
    const sql = standInStatements()
      .map((statements) => statements.sql)
      .join("\n");
    expect(sql).toContain("create schema if not exists supabase_migrations");
    expect(sql).not.toMatch(/create table[^;]*supabase_migrations\./);
  });

  it("gives every file back the role that it took", () => {
    for (const { file, sql } of standInStatements().slice(1))
      expect(sql.trimEnd(), file).toMatch(/reset role;$/);
  });

  it("has a default version script for every extension that it stands in for", () => {
    for (const { name, version, scripts, controlFile } of standInExtensions()) {
      expect(
        scripts.map(({ fileName }) => fileName),
        name,
      ).toContain(`${name}--${version}.sql`);
      expect(controlFile).toContain(`default_version = '${version}'`);
    }
  });

  it("names an image by PGlite version and content", () => {
    expect(imageFileName({ pgliteVersion: "0.5.16" })).toBe(
      `stand-in-0.5.16-${standInDigest().slice(0, 16)}.tar.gz`,
    );
    expect(imageFileName({ pgliteVersion: "0.5.17" })).not.toBe(imageFileName({ pgliteVersion: "0.5.16" }));
  });

  it("writes every extension file before it runs the first statement", async () => {
    const { written, writeFile } = recordWrites();
    const filesSeen: number[] = [];
    await installStandIn({ writeFile, exec: async () => filesSeen.push(written.size) });
    expect(filesSeen[0]).toBe(written.size);
    for (const name of ["pg_cron", "pg_net", "vector", "pgmq", "pgcrypto", "moddatetime", "hstore"]) {
      expect([...written.keys()], name).toContain(`/pglite/share/postgresql/extension/${name}.control`);
    }
    expect([...written.keys()]).toContain("/pglite/lib/postgresql/vector.so");
  });
});

describe("extension versions that a migration asks for", () => {
  it.each([
    [`create extension if not exists "pg_net" with schema "public" version '0.5.1';`, "pg_net", "0.5.1"],
    [`CREATE EXTENSION PG_CRON VERSION '1.4-1'`, "pg_cron", "1.4-1"],
    [`create extension vector schema extensions version "0.4.0"`, "vector", "0.4.0"],
  ])("are read from %s", (sql, name, version) => {
    expect(requestedVersions(sql)).toEqual([{ name, version }]);
  });

  it("are not read from a version that could leave the extension folder", () => {
    expect(requestedVersions(`create extension pg_net version '../../x'`)).toEqual([]);
    expect(requestedVersions(`create extension pg_net version '1--2'`)).toEqual([]);
  });

  it("get a file of their own when nobody listed them", () => {
    const { written, writeFile } = recordWrites();
    writeRequestedVersions(
      { writeFile },
      `create extension vector version '77.1'; create extension pg_net version '0.5.1'; create extension unheard_of version '3'`,
    );
    expect([...written.keys()].map((path) => path.replace(/.*\//, ""))).toEqual([
      expect.stringMatching(/^vector--.+--77\.1\.sql$/),
    ]);
  });
});
