import { sql } from "../database/sql.ts";
import { EngineError } from "../errors.ts";
import type { Session } from "../ports.ts";

/**
 * Notes in the open transaction that a person's answer is used for it. Throws `not_confirmed` where another transaction has used it;
 * waits for one that has not ended. Rows that are older than any answer is good are removed.
 */
export async function useAnswer(session: Session, id: string): Promise<void> {
  await session.run(sql`
    delete from supabase_migrations.used_answer
    where used_at < now() - interval '1 day'`);
  const { rows } = await session.run(sql`
    insert into supabase_migrations.used_answer (id)
    values (${id}::uuid)
    on conflict (id) do nothing
    returning id`);
  if (rows.length === 0) throw new EngineError("not_confirmed", "This answer was used before.");
}
