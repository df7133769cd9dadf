import { sumRows } from "../effects/row-counters.ts";
import { mostRowsAtOnce } from "../model/effects.ts";
import type { RehearsedPlan } from "./describe-rehearsal.ts";

/** A statement that wrote more rows than one should, as a sentence; DROP and TRUNCATE write none. */
export function warnOfManyRows({ rehearsal, folder }: RehearsedPlan): readonly string[] {
  return rehearsal.statements
    .flatMap(({ migration, statement, trace }) => {
      const rows = sumRows(trace.rows.map((table) => ({ ...table, destroyed: 0 })));
      if (statement === undefined || rows <= mostRowsAtOnce) return [];
      const place = `${folder}/${migration.fileName}, line ${statement.line}`;
      return [
        `${place}: one statement wrote ${rows} rows, which stay locked until the last is written. run_phase writes them in batches (D11).`,
      ];
    })
    .slice(0, 5);
}
