import { describe, expect, it } from "vitest";
import { planSchemaChange } from "../../src/engine/plan/schema-change/plan-schema-change.ts";
import { diffCatalogs } from "../../src/engine/compare/diff-catalogs.ts";
import { readCatalogAt } from "../drift/godwit-subject.ts";
import { runScripts, withClient } from "../drift/run-script.ts";
import { createDatabase } from "../support/test-database.ts";

const plain = `create table public.notes (id int generated always as identity, day date not null, body text);
  create function public.loud() returns trigger language plpgsql as 'begin raise exception ''rows are watched''; end';
  create trigger loud before insert on public.notes for each row execute function public.loud();`;
const partitioned = `create table public.notes (id int generated always as identity, day date not null, body text) partition by range (day);
  create table public.notes_old partition of public.notes for values from (minvalue) to ('2024-01-01');
  create table public.notes_new partition of public.notes for values from ('2024-01-01') to (maxvalue);
  create function public.loud() returns trigger language plpgsql as 'begin raise exception ''rows are watched''; end';
  create trigger loud before insert on public.notes for each row execute function public.loud();`;
const rows = `alter table public.notes disable trigger user;
  insert into public.notes (day, body) values ('2023-05-05', 'old'), ('2025-05-05', 'new');
  alter table public.notes enable trigger user;`;

/** Two databases, of which the first has rows, made alike; what is then in the first. */
async function turn(before: string, after: string) {
  const [from, to] = [await createDatabase({ major: 17 }), await createDatabase({ major: 17 })];
  try {
    expect(await runScripts(from.url, [before, rows])).toBeUndefined();
    expect(await runScripts(to.url, [after])).toBeUndefined();
    const [ours, theirs] = [await readCatalogAt(from.url), await readCatalogAt(to.url)];
    const plan = planSchemaChange({ from: ours, to: theirs, changes: diffCatalogs(ours, theirs) });
    expect(plan.refusals).toEqual([]);
    expect(await runScripts(from.url, [plan.statements.map(({ sql }) => sql).join(";\n")])).toBeUndefined();
    expect(diffCatalogs(await readCatalogAt(from.url), theirs)).toEqual([]);
    return await withClient(from.url, async (client) => {
      await client`alter table public.notes disable trigger user`;
      await client`insert into public.notes (day, body) values ('2026-01-01', 'next')`;
      return {
        kept: [...(await client`select id, body from public.notes order by id`)],
        hazards: plan.statements.flatMap(({ hazards }) => hazards),
      };
    });
  } finally {
    await Promise.all([from.drop(), to.drop()]);
  }
}

const all = [
  { id: 1, body: "old" },
  { id: 2, body: "new" },
  { id: 3, body: "next" },
];

describe("a table that has to be made anew", () => {
  it("keeps its rows and its count of identities when it becomes partitioned", async () => {
    const { kept, hazards } = await turn(plain, partitioned);
    expect(kept).toEqual(all);
    expect(hazards).not.toContain("DELETES_DATA");
  });

  it("gathers the rows of its partitions when it ceases to be partitioned", async () => {
    const { kept, hazards } = await turn(partitioned, plain);
    expect(kept).toEqual(all);
    expect(hazards).not.toContain("DELETES_DATA");
  });
});
