import { createEngine, type EngineSettings } from "../../src/engine/index.ts";

/**
 * Reconciles a folder by the database: `reconcile-runner <target as JSON> <project folder> <step> [<action>]`, and kills itself before that
 * step of the change, counted with the moment after the commit; 0 never does. Bundled by the tests and run as a process of its own.
 */
const [target = "{}", projectDir = "", killAt = "0", action = ""] = process.argv.slice(2);
let seen = 0;
const engine = createEngine({
  target: JSON.parse(target) as EngineSettings["target"],
  projectDir,
  readOnly: false,
  lockTimeoutMs: 500,
  lockWaitMs: 30_000,
  statementTimeoutMs: 60_000,
  queryTimeoutMs: 5_000,
  observe: ({ kind }) => {
    if (kind !== "change_step" && kind !== "change_committed") return;
    seen += 1;
    if (seen === Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
const request = action === "" ? { truth: "database" as const } : { actions: [action] };
const plan = await engine.reconcileHistory(request, {});
const confirm = plan.plan_id ?? "";
const done = plan.status === "planned" ? await engine.reconcileHistory({ ...request, confirm }, {}) : plan;
console.log(JSON.stringify({ steps: seen, status: done.status }));
await engine.close();
