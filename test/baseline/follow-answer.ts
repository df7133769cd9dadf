import { rename } from "node:fs/promises";
import path from "node:path";
import { applyApproved } from "../histories/apply-approved.ts";
import type { TestProject } from "../support/project.ts";

/** An answer as an agent sees it. */
export interface Answer {
  readonly summary: string;
  readonly status?: string;
  readonly plan_id?: string;
  readonly next_steps?: readonly string[];
}

const reason = "the team's squash of January";

/**
 * Makes the call that one of the answer's next steps names, as it stands there, and confirms the plan that comes of it. `which` is in the step.
 */
export async function follow(
  { engine }: TestProject,
  { next_steps: steps = [] }: Answer,
  which: string,
): Promise<Answer> {
  const step = steps.find((text) => text.includes(which));
  if (step === undefined) throw new Error(`No next step has ${which}: ${JSON.stringify(steps)}`);
  const [, tool, written = "{}"] = /(reconcile_history|create_baseline) (\{.*?\})/.exec(step) ?? [];
  const request = JSON.parse(written.replaceAll(/([{,] ?)(\w+):/g, '$1"$2":').replace("…", reason));
  const call = (given: object): Promise<Answer> => {
    if (tool === "reconcile_history") return engine.reconcileHistory(given, {});
    if (tool === "create_baseline") return engine.createBaseline(given, {});
    throw new Error(`The step names no call: ${step}`);
  };
  const planned = await call(request);
  return planned.plan_id === undefined ? planned : call({ ...request, confirm: planned.plan_id });
}

/** Applies what is pending, as somebody who reads and says yes; a file that fails is put aside under another suffix. Answers these. */
export async function applyPending({ engine, dir }: TestProject): Promise<readonly string[]> {
  const aside: string[] = [];
  for (;;) {
    const { status, failure } = await applyApproved(engine, {});
    if (status !== "failed" || failure?.file === undefined) return aside;
    aside.push(path.basename(failure.file));
    await rename(path.join(dir, failure.file), path.join(dir, `${failure.file}.skip`));
  }
}
