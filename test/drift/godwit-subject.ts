import type { Subject } from "./subject.ts";
import { blindSubject } from "./subject.ts";

/** Godwit's own snapshot, comparison and plan. */
export const godwitSubject: Subject<undefined> = blindSubject;
