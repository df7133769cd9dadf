import { rules } from "../../src/engine/rules/catalogue.ts";
import { judgeText } from "../unit/rules/judge-text.ts";
import { labelled } from "../unit/rules/labelled.ts";

/** The first labelled statement that the rules of this bundle judge otherwise than it is labelled; undefined where there is none. */
export async function findFailing(): Promise<string | undefined> {
  const ids = new Set(rules.map(({ id }) => id));
  const mine = ([, findings]: (typeof labelled)[number]) =>
    findings.split(", ").filter((each) => ids.has(each.slice(each.indexOf(":") + 1, each.indexOf(" "))));
  const rows = labelled.toSorted((a, b) => mine(b).length - mine(a).length);
  for (const row of rows) {
    const said = await judgeText(row[0]).catch(() => "failed");
    if (said !== mine(row).join(", ")) return row[0];
  }
  return undefined;
}
