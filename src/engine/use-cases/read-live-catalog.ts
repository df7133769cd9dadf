import { readCatalog } from "../catalog/read-catalog.ts";
import { errorCodeOf } from "../error-code.ts";
import { DatabaseError, EngineError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Database } from "../ports.ts";

/** The database's schema at one moment. Throws the code of what the database refused, `connection_lost` where it is gone. */
export async function readLiveCatalog(database: Database): Promise<Catalog> {
  try {
    return await database.withSession(readCatalog);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { sqlstate } = error.fields;
    const message = `The schema of ${database.target.label} could not be read: the database answered ${sqlstate}.`;
    throw new EngineError(errorCodeOf(error), message, { sqlstate }, error);
  }
}
