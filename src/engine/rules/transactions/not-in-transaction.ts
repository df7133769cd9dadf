import type { Rule } from "../rule.ts";

export const notInTransaction: Rule = {
  id: "T01",
  name: "not-in-transaction",
  group: "transactions",
  severity: "warning",
  detects:
    "A statement that cannot run in a transaction, inside BEGIN, in a block, or beside others in one file",
  why: "It commits by itself: where a later statement fails, what stands before it stays applied.",
  rewrite: "Put the statement into a migration of its own, without BEGIN.",
  check: ({ classification, place }, scope) => {
    if (classification.transaction !== "forbidden") return [];
    const object = classification.command;
    if (place !== "file" || scope.profile.isInBlock[scope.position] === true)
      return [{ object, severity: "error", why: "PostgreSQL refuses it inside a transaction (25001)." }];
    return scope.profile.transactional === 0 ? [] : [{ object }];
  },
};
