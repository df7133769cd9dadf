import { delegateTo, type DelegatedCall } from "./delegate.ts";
import { createEngine, createEngineOn, openTimed, readOnlyOf, type EngineSettings } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { openedOnce, type OpenedOnce } from "./opened-once.ts";
import type { Database } from "./ports.ts";
import { tellTarget } from "./report/tell-target.ts";
import type { CallContext, Engine } from "./requests.ts";
import type { LabelledTarget, LabelledTargets, TargetAddress } from "./target-address.ts";

/** What an engine works on, which may be several databases; the rest holds for each of them. */
export type ProgramSettings = Omit<EngineSettings, "target"> & {
  readonly target: EngineSettings["target"] | LabelledTargets;
};

/** The engine for one target, or for all that have labels. */
export function createEngineFor(settings: ProgramSettings): Engine {
  const { target } = settings;
  if (target.kind === "labelled") return createLabelledEngine({ ...settings, target });
  const engine = createEngine({ ...settings, target });
  return delegateTo(async (call, work) => {
    assertReach(call, undefined);
    return work(engine, call.context);
  }, engine.close);
}

/**
 * An engine for each label, opened at its first call; each has its own writer. A call names its target by `CallContext.target`.
 * Throws `unknown_target`, `target_not_set_up`, and `target_not_named` where a yes to a change of production does not say so.
 */
export function createLabelledEngine(
  settings: ProgramSettings & { readonly target: LabelledTargets },
): Engine {
  const { usual, targets } = settings.target;
  const opened = new Map<string, OpenedTarget>();
  const get = (label: string | undefined): OpenedTarget => {
    const target = findTarget(settings.target, label);
    const known = opened.get(target.label) ?? openTarget(settings, target, (other) => get(other).database);
    opened.set(target.label, known);
    return known;
  };
  return delegateTo(
    async (call, work) => {
      const label = call.context.target ?? usual;
      assertReach(call, label);
      const { engine, target } = get(label);
      assertNamed(target, call);
      const isNamed = call.context.target !== undefined;
      return tellTarget(await work(engine, call.context), { target, isNamed });
    },
    async () => {
      const open = targets.map(({ label }) => opened.get(label)?.database.ifOpened());
      await Promise.all(open.map(async (database) => (await database)?.close()));
    },
  );
}

interface OpenedTarget {
  readonly target: LabelledTarget;
  readonly engine: Engine;
  readonly database: OpenedOnce<Database>;
}

function openTarget(
  settings: ProgramSettings,
  target: LabelledTarget,
  databaseOf: (label: string) => OpenedOnce<Database>,
): OpenedTarget {
  const { label, address, isProduction } = target;
  const own = { ...settings, readOnly: settings.readOnly || target.readOnly };
  const database = openedOnce(async () => {
    if (address.kind === "not_set_up")
      throw new EngineError("target_not_set_up", `The target ${label} is not set up: ${address.reason}`);
    return labelled(await openTimed({ ...own, target: toIdentified(address, label), hasLabel: true }), label);
  });
  const engine = createEngineOn(own, database.get, {
    isProduction,
    openNeighbour: async (other) => {
      if (other === label)
        throw new EngineError("arguments_conflict", `${label} is the target itself; name another one.`);
      return readOnlyOf(await databaseOf(other).get());
    },
  });
  return { target, engine, database };
}

/** An embedded database is known by its label, so that a yes to a plan of one is none to the same plan of another. */
function toIdentified(address: TargetAddress, label: string): TargetAddress {
  return address.kind === "embedded" ? { projectId: label, ...address } : address;
}

/** Who may reach some targets only can neither change nor read another one, nor one that has no label. */
function assertReach({ request, context: { mayReach } }: DelegatedCall, label: string | undefined): void {
  if (mayReach === undefined) return;
  const isAllowed = (one: string | undefined) => one !== undefined && mayReach.includes(one);
  const asked = [label, ...otherLabels(request)];
  if (asked.every(isAllowed)) return;
  const refused = asked.find((one) => !isAllowed(one));
  const what = refused === undefined ? "a target that has no label" : JSON.stringify(refused.slice(0, 60));
  throw new EngineError("target_not_allowed", `This caller may reach ${mayReach.join(", ")}, not ${what}.`);
}

/** The labels of the targets that a request reads from beside its own. */
function otherLabels(request: object): readonly string[] {
  const labels: unknown[] = [];
  if ("promoteFrom" in request) labels.push(request.promoteFrom);
  if ("against" in request && typeof request.against === "object" && request.against !== null)
    labels.push("label" in request.against ? request.against.label : undefined);
  return labels.filter((label) => typeof label === "string");
}

/** Every answer then says by its label what it is about. */
function labelled(database: Database, label: string): Database {
  const target = { ...database.target, label: `${label} (${database.target.label})` };
  return { ...database, target };
}

function findTarget({ targets }: LabelledTargets, label: string | undefined): LabelledTarget {
  const found = targets.find((target) => target.label === label);
  if (found !== undefined) return found;
  const fact =
    label === undefined ? "No target was named" : `There is no target ${JSON.stringify(label.slice(0, 60))}`;
  throw new EngineError(
    "unknown_target",
    `${fact}; there are ${targets.map((target) => target.label).join(", ")}.`,
  );
}

/** Who says yes to a change of production says that it is production. A person who was asked has been told so. */
function assertNamed({ label, isProduction }: LabelledTarget, { request, context }: DelegatedCall): void {
  const isYes = "confirm" in request && request.confirm !== undefined;
  if (!isProduction || !isYes || isNamed(context)) return;
  throw new EngineError(
    "target_not_named",
    `This confirms a change of ${label}, a production target, without naming it.`,
    { hint: `Call again with target: "${label}" beside confirm.` },
  );
}

function isNamed({ target, approvedPlan }: CallContext): boolean {
  return target !== undefined || approvedPlan !== undefined;
}
