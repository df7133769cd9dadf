import { alignVersions } from "../catalog/align-versions.ts";
import { factOf } from "../compare/change-id.ts";
import { diffCatalogs } from "../compare/diff-catalogs.ts";
import { DatabaseError } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import { planSchemaChange } from "../plan/schema-change/plan-schema-change.ts";
import type { Session } from "../ports.ts";
import { closeGap, listCandidates, planGap, type ClosedGap, type Gap } from "../prove/close-gap.ts";
import { answerForRowless } from "../prove/rename-stakes.ts";
import { runOnCopy } from "../prove/run-on-copy.ts";
import { isDefaultOfEra } from "../shadow/default-privileges.ts";
import type { AlignedShadow } from "./open-shadow.ts";

/** The scripts of both directions. */
export interface ClosedGaps {
  readonly toFiles: ClosedGap;
  readonly toLive: ClosedGap;
}

interface Sides extends Pick<Gap, "selects" | "answers" | "form"> {
  readonly live: Catalog;
  readonly files: Catalog;
}

/**
 * Plans what makes the files' schema into the live one and back, and tries one after the other on the shadow. Where the shadow is lost the
 * scripts are planned only, but for those in a form of their own, which is worth nothing untried.
 */
export async function closeBothWays(shadow: AlignedShadow, sides: Sides): Promise<ClosedGaps> {
  const { live, files, selects } = sides;
  const implied = answerForRowless(listCandidates({ from: live, to: files, selects }), live);
  const settled = { ...sides, answers: [...sides.answers, ...implied] };
  try {
    return await tryBoth(shadow, settled);
  } catch (error) {
    if (!(error instanceof DatabaseError) || sides.form !== undefined) throw error;
    const one = { selects, answers: settled.answers, reason: error.fields.message };
    return {
      toFiles: planGap({ ...one, from: live, to: files }),
      toLive: planGap({ ...one, from: files, to: live }),
    };
  }
}

async function tryBoth(shadow: AlignedShadow, { live, files, ...how }: Sides): Promise<ClosedGaps> {
  const session = await shadow.openSession();
  await setDefaultsOfEra(session, { live, replayed: shadow.replayed });
  const toLive = await closeGap({ ...how, session, from: files, to: live });
  const toFiles = await closeGap({ ...how, session, from: live, to: files });
  return { toFiles, toLive };
}

/** New objects of the copy shall get what those of the live database get, whatever the files met in their time. */
async function setDefaultsOfEra(
  session: Session,
  { live, replayed: from }: { readonly live: Catalog; readonly replayed: Catalog },
): Promise<void> {
  const { left: to } = alignVersions(live, from);
  const changes = diffCatalogs(from, to).filter((change) => isDefaultOfEra(factOf(change)));
  await runOnCopy(session, planSchemaChange({ from, to, changes }).statements);
}
