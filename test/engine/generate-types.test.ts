import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleSchema } from "../typescript/example-schema.ts";
import { generateOwn } from "../typescript/reference-generator.ts";
import { createProject, type TestProject } from "../support/project.ts";
import { createDatabase, type TestDatabase } from "../support/test-database.ts";
import { codeOf, connect } from "./playground.ts";

describe("generate_types", () => {
  let database: TestDatabase;
  let project: TestProject;

  beforeAll(async () => {
    database = await createDatabase();
    const sql = connect(database.url);
    await sql.unsafe(exampleSchema).simple();
    await sql.end();
    project = await createProject({ url: database.url });
  });

  afterAll(async () => {
    await project.remove();
    await database.drop();
  });

  it("gives agents pages that together are the whole text, and commands the text at once", async () => {
    const { engine } = project;
    const whole = await engine.generateTypes({}, { answerSize: "whole" });
    expect(whole.types).toBe(await generateOwn(database.url, ["public"]));
    let text = "";
    let cursor: string | undefined;
    do {
      const page = await engine.generateTypes(cursor === undefined ? {} : { cursor }, {});
      expect(JSON.stringify(page).length).toBeLessThan(8_192);
      expect(page.untrusted_begin).toMatch(/^<untrusted-/);
      text += page.types ?? "";
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(text).toBe(whole.types);
  });

  it("writes a file of the project, says when it is up to date, and replaces nobody's own work", async () => {
    const { engine, dir } = project;
    const out = "src/lib/database.types.ts";
    const ask = () => engine.generateTypes({ schemas: ["api"], out }, {});
    expect(await ask()).toMatchObject({ file: out, outcome: "written" });
    expect(await ask()).toMatchObject({ outcome: "unchanged" });
    const written = await readFile(join(dir, out), "utf8");
    expect(written).toBe(await generateOwn(database.url, ["api"]));
    const edited = `${written}\nexport type Mine = 1\n`;
    await project.write({ [out]: edited });
    expect(await codeOf(ask())).toBe("file_exists");
    expect(await readFile(join(dir, out), "utf8")).toBe(edited);
  });

  it("leaves the project's folder on no path", async () => {
    const outside = await mkdtemp(join(tmpdir(), "godwit-outside-"));
    await symlink(outside, join(project.dir, "link"));
    try {
      for (const out of ["../x.ts", join(outside, "x.ts"), "link/x.ts", "src/../../x.ts"])
        expect(await codeOf(project.engine.generateTypes({ out }, {})), out).toBe("path_outside_folder");
      expect(await codeOf(project.engine.generateTypes({ out: "x.sql" }, {}))).toBe("invalid_input");
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it("names the schemas there are where one is not", async () => {
    await expect(project.engine.generateTypes({ schemas: ["publik"] }, {})).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/no schema publik; there are api, private, public\b/),
    });
  });

  it("writes no file where the server is read-only, and still answers the types", async () => {
    const engine = project.anotherEngine({ readOnly: true });
    expect(await codeOf(engine.generateTypes({ out: "x.ts" }, {}))).toBe("read_only");
    expect((await engine.generateTypes({ schemas: ["api"] }, {})).types).toContain("item_account");
  });

  it("works on the embedded database", async () => {
    const embedded = await createProject({});
    try {
      await embedded.engine.applyMigration(
        {
          name: "a",
          query:
            "create table public.notes (id int primary key); create view public.v as select id from public.notes",
        },
        {},
      );
      const { types, summary } = await embedded.engine.generateTypes({}, { answerSize: "whole" });
      expect(summary).toBe("Types of 1 table, 1 view and 0 functions.");
      expect(types).toContain("      notes: {\n        Row: {\n          id: number\n        }");
    } finally {
      await embedded.remove();
    }
  });
});
