import { expect, test } from "vitest";
import { toApiError } from "../../../src/engine/database/management/api-failure.ts";
import { DatabaseError, EngineError } from "../../../src/engine/errors.ts";

const answer = (status: number, body: unknown) => ({
  status,
  headers: new Headers(),
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const place = { label: "project abcdefghijklmnopqrst" };

test("an error of Postgres is read out of the message, with its fields", () => {
  const message =
    'Failed to run sql query: ERROR:  23505: duplicate key value violates unique constraint "schema_migrations_pkey"\nDETAIL:  Key (version)=(0031) already exists.\nHINT:  Try another.\nCONTEXT:  SQL statement "insert"\nPL/pgSQL function f() line 2\n';
  const error = toApiError(answer(400, { message }), place);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({
    connectionLost: false,
    fields: {
      sqlstate: "23505",
      message: 'duplicate key value violates unique constraint "schema_migrations_pkey"',
      detail: "Key (version)=(0031) already exists.",
      hint: "Try another.",
      where: 'SQL statement "insert"\nPL/pgSQL function f() line 2',
      constraint: "schema_migrations_pkey",
    },
  });
});

test("a line that the service names is kept, its excerpt is not", () => {
  const message =
    'Failed to run sql query: ERROR:  42703: column "x" does not exist\nLINE 12: select x\n                ^\n';
  expect(toApiError(answer(400, { message }), place)).toMatchObject({
    fields: { sqlstate: "42703", message: 'column "x" does not exist', scriptLine: 12 },
  });
});

test.each([
  [500, { message: "Failed to run sql query" }],
  [502, "<html>Bad Gateway</html>"],
  [504, "<html>504 Gateway Time-out</html>"],
  [524, { title: "A timeout occurred" }],
  [544, { message: "Failed to run sql query: Connection terminated due to connection timeout" }],
  [400, { message: "Failed to run sql query: Connection terminated unexpectedly" }],
])("%i %j leaves open whether the SQL ran", (status, body) => {
  expect(toApiError(answer(status, body), place)).toMatchObject({ connectionLost: true });
});

test.each([
  [401, { message: "Unauthorized" }, undefined, "authentication_failed"],
  [401, { message: "Migrations endpoint is not generally available yet" }, undefined, "permission_denied"],
  [403, { message: "Forbidden resource" }, undefined, "permission_denied"],
  [404, { message: "Project not found" }, undefined, "target_unreachable"],
  [400, { message: "Resource has been removed" }, undefined, "project_paused"],
  [544, { message: "Connection terminated" }, "INACTIVE", "project_paused"],
])("%i %j with status %s is %s", (status, body, projectStatus, code) => {
  const error = toApiError(answer(status, body), {
    ...place,
    ...(projectStatus === undefined ? {} : { projectStatus }),
  });
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code });
  expect(error.message).not.toContain(JSON.stringify(body));
});
