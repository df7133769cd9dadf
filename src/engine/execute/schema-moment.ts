import { readCatalog } from "../catalog/read-catalog.ts";
import { readThings } from "../catalog/read-things.ts";
import { sendTogether } from "../database/send-together.ts";
import { sql } from "../database/sql.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Things } from "../model/things.ts";
import type { Session } from "../ports.ts";

/** A schema at one moment: what it is, and what the server knows it by. */
export interface SchemaMoment {
  readonly catalog: Catalog;
  readonly things: Things;
}

/** The schema as it is at this moment of the open transaction; the locks that looking takes are given back. */
export async function readMoment(session: Session): Promise<SchemaMoment> {
  const [, catalog, things] = await sendTogether(
    session.run(sql`savepoint godwit_look`),
    readCatalog(session),
    readThings(session),
    session.run(sql`rollback to savepoint godwit_look`),
    session.run(sql`release savepoint godwit_look`),
  );
  return { catalog, things };
}
