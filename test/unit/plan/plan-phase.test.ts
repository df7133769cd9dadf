import { describe, expect, it } from "vitest";
import { readPhase } from "../../../src/engine/files/phase-file.ts";
import { planPhase } from "../../../src/engine/plan/plan-phase.ts";

function plan(sql: string, key = "public.orders.id") {
  return planPhase(readPhase("1.2_move.sql", `-- Key: ${key}\n\n${sql}`));
}

async function refusalOf(sql: string, key?: string): Promise<unknown> {
  return plan(sql, key).then(
    () => "planned",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

describe("a statement that runs in batches", () => {
  it.each([
    "update public.orders set a = 1 where id between :from and :to",
    "update orders o set a = 1 where o.id >= :from and o.id <= :to and a is null",
    "update orders set a = 1 where (a is null and (:from <= id and :to >= id))",
    "delete from orders where id between :from::bigint and :to::bigint",
    "insert into archive select * from orders where id between :from and :to on conflict do nothing",
    "update lines l set a = o.a from orders o where o.id = l.order_id and o.id between :from and :to",
    "with b as (select id from orders where id between :from and :to) update orders o set a = 1 from b where b.id = o.id",
    "merge into totals t using orders o on o.id = t.id and o.id between :from and :to when matched then update set a = 1",
    "select fill_cents(:from, :to)",
    "update orders set a = ':from' where id BETWEEN :FROM AND :TO -- :from stays in comments",
  ])("is planned: %s", async (sql) => {
    expect((await plan(sql)).batch?.text).toContain("$1");
  });

  it.each([
    ["without bounds", "update orders set a = 1"],
    ["with one bound", "update orders set a = 1 where id >= :from"],
    ["that leaves an end out", "update orders set a = 1 where id > :from and id <= :to"],
    ["with the bounds turned round", "update orders set a = 1 where id between :to and :from"],
    ["with bounds on another column", "update orders set a = 1 where a between :from and :to"],
    [
      "with bounds that OR makes optional",
      "update orders set a = 1 where id between :from and :to or a is null",
    ],
    ["with bounds that NOT turns round", "update orders set a = 1 where not (id between :from and :to)"],
    [
      "with bounds in a subquery only",
      "update orders set a = 1 where exists (select from orders o where o.id between :from and :to)",
    ],
    ["with bounds in SET only", "update orders set a = :from + :to"],
    ["that is two statements", "update orders set a = 1 where id between :from and :to; select 1"],
    ["that is DDL", "create table t as select * from orders where id between :from and :to"],
    ["that is a block", "do $$ begin update orders set a = 1; end $$"],
    ["with parameters of its own", "update orders set a = 1 where id between $1 and $2"],
  ])("is refused %s", async (_, sql) => {
    expect(await refusalOf(sql)).toBe("unsupported_sql");
  });

  it("keeps the offset of everything behind a placeholder, so that errors point into the file", async () => {
    const { batch, source } = await plan("update orders set a = nope where id between :from and :to and b");
    expect(batch?.text).toHaveLength(source.sql.length);
    expect(batch?.text.indexOf("and b")).toBe(source.sql.indexOf("and b"));
  });

  it("tells deletes, and updates that no condition but the bounds narrows", async () => {
    const takesOf = async (sql: string) =>
      (await plan(sql)).batch?.takes.map(({ change, isWhole }) => [change, isWhole]);
    expect(await takesOf("update orders set a = 1 where id between :from and :to")).toEqual([
      ["overwritten", true],
    ]);
    expect(await takesOf("update orders set a = 1 where id between :from and :to and true")).toEqual([
      ["overwritten", true],
    ]);
    expect(await takesOf("update orders set a = 1 where id between :from and :to and a is null")).toEqual([]);
    expect(await takesOf("delete from orders where id between :from and :to and a is null")).toEqual([
      ["deleted", false],
    ]);
    expect(
      await takesOf(
        "with gone as (delete from orders where id between :from and :to returning *) insert into kept select * from gone",
      ),
    ).toEqual([["deleted", true]]);
  });
});

describe("a phase without a key", () => {
  const whole = (sql: string) => planPhase(readPhase("1_x.sql", sql));

  it("may be many statements, and not one that cannot run in a transaction", async () => {
    expect((await whole("select 1; select 2;")).batch).toBeUndefined();
    await expect(whole("vacuum")).rejects.toMatchObject({ code: "unsupported_sql" });
    await expect(whole("begin; select 1; rollback;")).rejects.toMatchObject({
      code: "transaction_control_refused",
    });
    await expect(whole("delete from t where id between :from and :to")).rejects.toMatchObject({
      code: "unsupported_sql",
    });
  });

  it("is the same phase whatever its comments, and another with another key", async () => {
    const one = await plan("update orders set a = 1 where id between :from and :to");
    const same = await plan("UPDATE orders SET a = 1 -- why\n WHERE id between :from and :to;");
    const other = await plan("update orders set a = 1 where id between :from and :to", "public.others.id");
    expect(same.checksum).toBe(one.checksum);
    expect(other.checksum).not.toBe(one.checksum);
  });
});
