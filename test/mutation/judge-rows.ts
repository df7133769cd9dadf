import { rules } from "../../src/engine/rules/catalogue.ts";
import { judgeText, namesIn } from "../unit/rules/judge-text.ts";
import { labelledLive } from "../unit/rules/labelled-live.ts";
import { labelled } from "../unit/rules/labelled.ts";
import { named } from "../unit/rules/named.ts";
import { liveWorld } from "../unit/rules/live-world.ts";

/** The first labelled statement that the rules of this bundle judge otherwise than it is labelled; undefined where there is none. */
export async function findFailing(): Promise<string | undefined> {
  const ids = new Set(rules.map(({ id }) => id));
  const mine = (findings: string) =>
    findings.split(", ").filter((each) => ids.has(each.slice(each.indexOf(":") + 1, each.indexOf(" "))));
  const all = [
    ...labelledLive.map(([sql, findings]) => ({ sql, expected: mine(findings), live: liveWorld })),
    ...labelled.map(([sql, findings]) => ({ sql, expected: mine(findings), live: {} })),
  ].toSorted((a, b) => b.expected.length - a.expected.length);
  for (const { sql, expected, live } of all) {
    const said = await judgeText(sql, live).catch(() => "failed");
    if (said !== expected.join(", ")) return sql;
  }
  for (const [sql, told] of named)
    if (ids.has(told.slice(0, 3)) && !(await namesIn(sql).catch((): readonly string[] => [])).includes(told))
      return sql;
  return undefined;
}
