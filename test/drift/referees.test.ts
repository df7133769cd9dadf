import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { existsSync } from "node:fs";
import { judgePair, type PairVerdict } from "./judge-pair.ts";
import { openLane, type Lane } from "./lane.ts";
import { findPgDump, parseDump } from "./pg-dump.ts";
import { withClient } from "./run-script.ts";
import { catalogOracleFile, type SchemaPair } from "./schema-pairs.ts";
import { blindSubject, type Subject } from "./subject.ts";

const pairOf = (a: string, b: string): SchemaPair => ({
  name: "own/pair",
  source: "own",
  isIdentical: false,
  roles: undefined,
  sides: { a: [a], b: [b] },
});

/** Always gives the same SQL, whatever it is asked. */
const stubborn = (statements: readonly string[]): Subject<undefined> => ({
  read: async () => undefined,
  plan: async () => ({ changes: ["something"], refusals: [], transactions: [statements] }),
});

describe.skipIf(!existsSync(catalogOracleFile))("the referees", () => {
  let lane: Lane;
  let pgDump: string | undefined;
  beforeAll(async () => {
    lane = await openLane();
    pgDump = await findPgDump(17);
  });
  afterAll(() => lane.stop());

  const judge = (pair: SchemaPair, subject: Subject<undefined>) => judgePair({ lane, pgDump, subject }, pair);
  const reasonOf = (verdict: PairVerdict) => (verdict.kind === "judged" ? verdict.aToB.reason : verdict.kind);

  it("call an empty plan a miss where the sides differ", async () => {
    const pair = pairOf("create table t (id int)", "create table t (id bigint)");
    expect(reasonOf(await judge(pair, blindSubject))).toBe("missed");
  });

  it("accept an empty plan where the sides are the same", async () => {
    const schema = "create table t (id int primary key, name text); create view v as select id from t";
    expect(reasonOf(await judge(pairOf(schema, schema), blindSubject))).toBe("ok");
  });

  it("take sides for equal that differ in nothing but the order of columns, of grants and of options", async () => {
    const a = `create table t (id int not null, name text) with (fillfactor = 70, autovacuum_enabled = off);
      create role one; create role two; grant select on t to one; grant select on t to two`;
    const b = `create table t (name text, id int not null) with (autovacuum_enabled = off, fillfactor = 70);
      create role one; create role two; grant select on t to two; grant select on t to one`;
    expect(reasonOf(await judge(pairOf(a, b), blindSubject))).toBe("ok");
  });

  it("take a default that is written out for the default", async () => {
    const a = "create table t (id int); grant select on t to public; revoke select on t from public";
    expect(reasonOf(await judge(pairOf(a, "create table t (id int)"), blindSubject))).toBe("ok");
  });

  it("call differences noise where the sides are the same", async () => {
    const pair = pairOf("create table t (id int)", "create table t (id int)");
    expect(reasonOf(await judge(pair, stubborn([])))).toBe("noise");
  });

  it("accept only SQL that leads to the other side", async () => {
    const pair = pairOf("create table t (id int)", "create table t (id int); comment on table t is 'rows'");
    const right = await judge(pair, stubborn(["comment on table public.t is 'rows'"]));
    const wrong = await judge(pair, stubborn(["comment on table public.t is 'lines'"]));
    const broken = await judge(pair, stubborn(["comment on table public.u is 'rows'"]));
    // The stubborn subject names a difference even at the end, where none is left.
    expect(reasonOf(right)).toBe("not_proved");
    expect(reasonOf(wrong)).toBe(pgDump === undefined ? "catalog_differs" : "dump_differs");
    expect(reasonOf(broken)).toBe("sql_failed");
  });

  it("leave no role and no database to the next pair", async () => {
    const pair = pairOf(`create role "a.b""c"; create table t (); alter table t owner to "a.b""c"`, "");
    await judge(pair, blindSubject);
    const left = await withClient(
      lane.server.url,
      (client) => client`select rolname from pg_roles where oid >= 16384
        union all select datname from pg_database where datname like 'side%'`,
    );
    expect([...left]).toEqual([]);
  });

  it("say that a pair did not load", async () => {
    expect(reasonOf(await judge(pairOf("create table t (id nothing)", ""), blindSubject))).toBe("not_loaded");
  });
});

describe("pg_dump's text", () => {
  it("is read entry by entry, without pg_dump's token and settings", () => {
    const dump = parseDump(`--
-- PostgreSQL database dump
--

\\restrict abc

SET statement_timeout = 0;

--
-- Name: t; Type: TABLE; Schema: public; Owner: app
--

CREATE TABLE public.t (
    b integer,
    a text
);


SET default_tablespace = '';

--
-- Name: v; Type: VIEW; Schema: public; Owner: app
--

CREATE VIEW public.v AS
 SELECT 1;


--
-- PostgreSQL database dump complete
--

\\unrestrict abc
`);
    expect(Object.fromEntries(dump)).toEqual({
      "TABLE public.t": "    a text\n    b integer\n);\nCREATE TABLE public.t (\nowner app",
      "VIEW public.v": "CREATE VIEW public.v AS\n SELECT 1;\nowner app",
    });
  });
});
