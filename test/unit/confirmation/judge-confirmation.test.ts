import { expect, test } from "vitest";
import { judgeConfirmation } from "../../../src/engine/confirmation/judge-confirmation.ts";
import type { Loss } from "../../../src/engine/model/loss.ts";

const loss: Loss = { kind: "table", name: "public.t", change: "dropped", cannotComeBack: "its rows" };
const harmless = { planId: "a", losses: [], errorCount: 0, isProduction: false };
const losing = { ...harmless, losses: [loss] };
const nothing = { confirm: undefined };

test.each([
  ["what takes nothing away", harmless, nothing, "go"],
  ["a loss", losing, nothing, "confirmation_required"],
  ["an error finding", { ...harmless, errorCount: 1 }, nothing, "confirmation_required"],
  ["a history that is replaced", { ...harmless, replacesHistory: true }, nothing, "confirmation_required"],
  ["whatever changes production", { ...harmless, isProduction: true }, nothing, "confirmation_required"],
  ["a loss with its plan's id", losing, { confirm: "a" }, "go"],
  ["a loss with another id", losing, { confirm: "b" }, "confirmation_required"],
  [
    "a loss with an id where a person can be asked",
    losing,
    { confirm: "a", canAskPerson: true },
    "confirmation_required",
  ],
  ["a loss with a person's yes", losing, { ...nothing, canAskPerson: true, approvedPlan: "a" }, "go"],
  [
    "a loss with a person's yes to another plan",
    losing,
    { ...nothing, approvedPlan: "b" },
    "confirmation_required",
  ],
] as const)("%s", (_name, change, said, verdict) => {
  expect(judgeConfirmation(change, said)).toBe(verdict);
});
