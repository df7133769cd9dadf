import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql, userStatement } from "../../src/engine/database/sql.ts";
import { DatabaseError } from "../../src/engine/errors.ts";
import type { QueryResult, Reader, SessionDatabase } from "../../src/engine/ports.ts";

/** One adapter under the contract. */
export interface ContractSubject {
  readonly name: string;
  readonly open: () => Promise<{ readonly database: SessionDatabase; readonly close: () => Promise<void> }>;
}

/** One way to ask under the contract. */
export interface ReaderSubject {
  readonly name: string;
  readonly open: () => Promise<{
    readonly ask: Reader["run"];
    readonly close: () => Promise<void>;
  }>;
}

/** What every adapter promises about an answer, whether it keeps sessions or sends requests. */
export function describeReaderContract(subject: ReaderSubject): void {
  describe(`answers of ${subject.name}`, () => {
    let ask: Reader["run"];
    let close: () => Promise<void>;
    beforeAll(async () => ({ ask, close } = await subject.open()));
    afterAll(() => close());

    const askText = (text: string) => ask(userStatement(text));

    test("booleans, small integers, floats and JSON arrive as JavaScript values", async () => {
      const { rows } = await askText(
        `select true as a, 1::int2 as b, -2 as c, 3::oid as d, 1.5::float4 as e, 0.1::float8 as f,
                '{"x":[1,null]}'::json as g, '"t"'::jsonb as h, null::int as i`,
      );
      expect(rows).toEqual([
        { a: true, b: 1, c: -2, d: 3, e: 1.5, f: 0.1, g: { x: [1, null] }, h: "t", i: null },
      ]);
    });

    test("every other value is the text that Postgres prints", async () => {
      const { rows } = await askText(
        `select 9007199254740993::int8 as a, 1.10::numeric as b, '2024-01-02 03:04:05+00'::timestamptz as c,
                '2024-01-02'::date as d, array[1,2] as e, '\\x00ff'::bytea as f, 'NaN'::float8 as g,
                '-Infinity'::float4 as h, '1 day'::interval as i`,
      );
      expect(rows).toEqual([
        {
          ...{ a: "9007199254740993", b: "1.10", c: "2024-01-02 03:04:05+00", d: "2024-01-02", e: "{1,2}" },
          ...{ f: "\\x00ff", g: "NaN", h: "-Infinity", i: "1 day" },
        },
      ]);
    });

    test("a repeated column name loses no value", async () => {
      const { rows } = await askText("select 1 as id, 2 as id, 3 as id_2");
      expect(rows).toEqual([{ id: 1, id_3: 2, id_2: 3 }]);
    });

    test("parameters arrive as they were given", async () => {
      const list = ["a", 'q"uote', "back\\slash", "{brace,comma}", "", "NULL"];
      const { rows } = await ask(sql`
          select ${"it's"}::text as a, ${7}::int as b, ${true}::bool as c, ${null}::text as d, to_json(${list}::text[]) as e,
                 ${'{"x":1}'}::jsonb as f, ${"2024-01-02"}::date as g, ${"\\x01"}::bytea as h, ${"12345678901"}::int8 as i`);
      expect(rows).toEqual([
        {
          a: "it's",
          b: 7,
          c: true,
          d: null,
          e: list,
          f: { x: 1 },
          g: "2024-01-02",
          h: "\\x01",
          i: "12345678901",
        },
      ]);
    });

    test("ten questions asked at once all get their answer", async () => {
      const numbers = Array.from({ length: 10 }, (_, index) => index);
      const results = await Promise.all(numbers.map((number) => askText(`select ${number} as number`)));
      expect(results.map(({ rows }) => rows[0]?.["number"])).toEqual(numbers);
    });

    test("times are printed in UTC unless the session says otherwise", async () => {
      const { rows } = await askText("select to_timestamp(0) as epoch");
      expect(rows).toEqual([{ epoch: "1970-01-01 00:00:00+00" }]);
    });

    test.each([
      ["select 1 / 0", "22012"],
      ["select missing_column", "42703"],
      ["select * from missing_table", "42P01"],
      ["selec 1", "42601"],
    ])("%s is refused with the SQLSTATE %s", async (text, sqlstate) => {
      const error = await rejection(askText(text));
      expect(error.fields.sqlstate).toBe(sqlstate);
      expect(error.connectionLost).toBe(false);
    });

    test("two statements in one text are refused", async () => {
      expect((await rejection(askText("select 1; select 2"))).fields.sqlstate).toBe("42601");
    });

    test("a question that failed leaves the next one its answer", async () => {
      await rejection(askText("select 1 / 0"));
      expect((await askText("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });
  });
}

async function rejection(work: Promise<unknown>): Promise<DatabaseError> {
  return work.then(
    () => expect.fail("should have been refused"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(DatabaseError);
      return error as DatabaseError;
    },
  );
}

/** What every adapter promises that keeps sessions, whatever lies behind it. */
export function describeDatabaseContract(subject: ContractSubject): void {
  describe(subject.name, () => {
    let database: SessionDatabase;
    let close: () => Promise<void>;
    beforeAll(async () => ({ database, close } = await subject.open()));
    afterAll(() => close());

    const run = (text: string): Promise<QueryResult> =>
      database.withSession((session) => session.run(userStatement(text)));

    test("columns carry their type's name, also where there is no row", async () => {
      const { columns, rows } = await run(
        "select 1::int8 as big, 'x'::text as words, array['x'] as list where false",
      );
      expect(rows).toEqual([]);
      expect(columns).toEqual([
        { name: "big", type: "bigint" },
        { name: "words", type: "text" },
        { name: "list", type: "text[]" },
      ]);
    });

    test.each([
      ["create table tagged (i int)", "CREATE TABLE", 0],
      ["insert into tagged values (1), (2), (3)", "INSERT", 3],
      ["update tagged set i = i + 1 where i > 1", "UPDATE", 2],
      ["select * from tagged", "SELECT", 3],
      ["do $$ begin perform 1; end $$", "DO", 0],
      ["delete from tagged", "DELETE", 3],
      ["drop table tagged", "DROP TABLE", 0],
      ["show search_path", "SHOW", 0],
      ["-- nothing", "", 0],
    ])("%s is reported with its tag and count", async (text, command, rowsAffected) => {
      expect(await run(text)).toMatchObject({ command, rowsAffected });
    });

    test("two statements in one text are refused by the server and neither runs", async () => {
      const error = await rejection(run("create table first_of_two (i int); select 1"));
      expect(error.fields.sqlstate).toBe("42601");
      expect((await run("select to_regclass('first_of_two') as found")).rows).toEqual([{ found: null }]);
    });

    test("an error carries SQLSTATE and the position in code points", async () => {
      const error = await rejection(run("select '😀😀é', missing_column"));
      expect(error.fields).toMatchObject({ sqlstate: "42703", position: 15 });
      expect(error.connectionLost).toBe(false);
    });

    test("an error carries detail, schema, table and constraint", async () => {
      await run("create table unique_one (i int constraint only_once unique)");
      await run("insert into unique_one values (1)");
      const error = await rejection(run("insert into unique_one values (1)"));
      expect(error.fields).toMatchObject({
        ...{ sqlstate: "23505", schema: "public", table: "unique_one", constraint: "only_once" },
        detail: "Key (i)=(1) already exists.",
      });
    });

    test("a wrong parameter fails its statement and leaves the session usable", async () => {
      await database.withSession(async (session) => {
        const error = await rejection(session.run(sql`select ${"no number"}::int`));
        expect(error.fields.sqlstate).toBe("22P02");
        expect((await session.run(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
      });
    });

    test("a committed transaction stays, a rolled back one does not", async () => {
      await database.withSession(async (session) => {
        await session.run(sql`create table kept (i int)`);
        for (const ending of ["rollback", "commit"]) {
          expect((await session.run(sql`begin`)).command).toBe("BEGIN");
          await session.run(sql`insert into kept values (1)`);
          expect((await session.run(userStatement(ending))).command).toBe(ending.toUpperCase());
        }
      });
      expect((await run("select * from kept")).rows).toEqual([{ i: 1 }]);
    });

    test("COMMIT of an aborted transaction reports ROLLBACK and no error", async () => {
      await database.withSession(async (session) => {
        await session.run(sql`begin`);
        await rejection(session.run(sql`select 1 / 0`));
        expect((await rejection(session.run(sql`select 1`))).fields.sqlstate).toBe("25P02");
        expect((await session.run(sql`commit`)).command).toBe("ROLLBACK");
      });
    });

    test("what a session leaves open is rolled back when it ends", async () => {
      await database.withSession(async (session) => {
        await session.run(sql`begin`);
        await session.run(sql`create table left_open (i int)`);
      });
      expect((await run("select to_regclass('left_open') as found")).rows).toEqual([{ found: null }]);
    });

    test("a session that throws passes its error on and leaves nothing open", async () => {
      const failure = new Error("of the caller");
      const work = database.withSession(async (session) => {
        await session.run(sql`begin`);
        await session.run(sql`create table thrown_away (i int)`);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect((await run("select to_regclass('thrown_away') as found")).rows).toEqual([{ found: null }]);
    });

    test("settings, role, temporary tables and advisory locks do not reach the next session", async () => {
      await run("create role passing_role");
      await database.withSession(async (session) => {
        await session.run(sql`set search_path = pg_catalog`);
        await session.run(sql`create temp table passing (i int)`);
        await session.run(sql`select pg_advisory_lock(4711)`);
        await session.run(sql`set role passing_role`);
      });
      const { rows } = await run(
        `select current_setting('search_path') <> 'pg_catalog' as path, current_user <> 'passing_role' as who,
                to_regclass('passing') is null as no_table,
                not exists (
                  select from pg_locks join pg_database on oid = database
                  where locktype = 'advisory' and datname = current_database()
                ) as no_lock`,
      );
      expect(rows).toEqual([{ path: true, who: true, no_table: true, no_lock: true }]);
      await run("drop role passing_role");
    });

    test("a discarded session takes no more statements and the next one works", async () => {
      await database.withSession(async (session) => {
        await session.run(sql`begin`);
        await session.run(sql`create table discarded (i int)`);
        session.discard();
        expect((await rejection(session.run(sql`select 1`))).fields.sqlstate).toBe("08003");
      });
      await expect
        .poll(async () => (await run("select to_regclass('discarded') as found")).rows)
        .toEqual([{ found: null }]);
    });

    test("a cancelled session takes no more statements and the next one works", async () => {
      await database.withSession(async (session) => {
        await session.run(sql`begin`);
        await session.cancel();
        expect((await rejection(session.run(sql`commit`))).fields.sqlstate).toBe("08003");
      });
      expect((await run("select 1 as one")).rows).toEqual([{ one: 1 }]);
    });

    test("notices are those of this session, newest last, at most 50", async () => {
      await run("do $$ begin raise notice 'of another session'; end $$");
      const notices = await database.withSession(async (session) => {
        await session.run(sql`do $$ begin for i in 1..60 loop raise notice 'number %', i; end loop; end $$`);
        await session.run(sql`do $$ begin raise warning 'the last'; end $$`);
        return session.notices();
      });
      expect(notices).toHaveLength(50);
      expect(notices.at(0)).toEqual({ severity: "NOTICE", message: "number 12" });
      expect(notices.at(-1)).toEqual({ severity: "WARNING", message: "the last" });
    });

    test("statements given at once run one after the other", async () => {
      const rows = await database.withSession(async (session) => {
        await session.run(sql`create temp table in_order (n int generated always as identity, i int)`);
        const inserts = [1, 2, 3, 4].map((i) => session.run(sql`insert into in_order (i) values (${i})`));
        await Promise.all(inserts);
        return (await session.run(sql`select i from in_order order by n`)).rows;
      });
      expect(rows.map((row) => row["i"])).toEqual([1, 2, 3, 4]);
    });

    test("COPY from stdin and to stdout are refused instead of waiting for a stream", async () => {
      await run("create table copied (i int)");
      for (const text of ["copy copied from stdin", "/* c */ COPY (select 1) TO STDOUT"]) {
        expect((await rejection(run(text))).fields.sqlstate).toBe("0A000");
      }
    });

    test("no statement leaves a named prepared statement behind", async () => {
      const { rows } = await database.withSession(async (session) => {
        for (const i of [1, 2, 3]) await session.run(sql`select ${i}::int`);
        return session.run(sql`select count(*)::int as named from pg_prepared_statements`);
      });
      expect(rows).toEqual([{ named: 0 }]);
    });
  });
}
