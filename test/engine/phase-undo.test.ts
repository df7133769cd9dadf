import { describe, expect, it } from "vitest";
import { createPlayground } from "./playground.ts";

const settings = { rollbackWindowHours: 48 };
const before =
  "create table public.people (id int primary key, name text); insert into public.people values (1, 'a'), (2, 'b');";
const phases = (text: string) => ({ "phases/1.1_shout.sql": text });

describe("the rollback block of a phase", () => {
  it("is tried before the phase is committed, and when it is rehearsed", async () => {
    const ground = await createPlayground({
      before,
      settings,
      files: phases(
        "-- Rollback:\n-- update public.people set name = lower(name);\n\nupdate public.people set name = upper(name) where id < 9;\n",
      ),
    });
    const rehearsed = await ground.engine.runPhase({ phase: "1.1", dryRun: true }, {});
    expect(rehearsed).toMatchObject({ status: "rehearsed", rollback: expect.stringMatching(/^proven: /) });
    const ran = await ground.engine.runPhase({ phase: "1.1" }, {});
    expect(ran).toMatchObject({ status: "completed", rollback: expect.stringMatching(/^proven: /) });
    expect(ran.next_steps?.join(" ")).toContain('run_phase {phase: "1.1-undo_shout"');
    expect(await ground.sql`select name from public.people order by id`).toMatchObject([
      { name: "A" },
      { name: "B" },
    ]);
    expect(
      await ground.sql`select rollback_verdict from supabase_migrations.migration_history where kind = 'phase'`,
    ).toMatchObject([{ rollback_verdict: "proven" }]);
  });

  it("that does not lead back says what is lost", async () => {
    const ground = await createPlayground({
      before,
      settings,
      files: phases("-- Rollback:\n-- select 1;\n\nupdate public.people set name = 'x' where id = 1;\n"),
    });
    expect(await ground.engine.runPhase({ phase: "1.1" }, {})).toMatchObject({
      status: "completed",
      rollback: expect.stringMatching(/^lossy: /),
    });
  });

  it("of batches says that nobody has tried it", async () => {
    const ground = await createPlayground({
      before,
      settings,
      files: phases(
        "-- Key: public.people.id\n-- Rollback:\n-- update public.people set name = lower(name);\n\nupdate public.people set name = upper(name) where id between :from and :to and id < 9;\n",
      ),
    });
    expect(await ground.engine.runPhase({ phase: "1.1" }, {})).toMatchObject({
      status: "completed",
      rollback: expect.stringMatching(/^unproven: /),
    });
  });
});
