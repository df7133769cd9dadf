import type { Assertion } from "../assertion.ts";
import { accessAssertions } from "./access.ts";
import { behaviourAssertions } from "./behaviour.ts";
import { columnAssertions } from "./columns.ts";
import { planAssertions } from "./plans.ts";
import { relationAssertions } from "./relations.ts";
import { statementAssertions } from "./statements.ts";

/** Every assertion of a spec by its name, which is pgTAP's where pgTAP has it. */
export const assertions: Readonly<Record<string, Assertion>> = {
  ...relationAssertions,
  ...columnAssertions,
  ...behaviourAssertions,
  ...statementAssertions,
  ...accessAssertions,
  ...planAssertions,
};
