/** Statements that a rule finds, and the rule with the name of the object that it tells of. */
export const named: readonly (readonly [sql: string, told: string])[] = [
  ["alter default privileges in schema app grant select on tables to anon", "S16 default privileges"],
  ["grant select on all tables in schema app to anon", "S16 every table in app"],
  ["grant select on app.a, app.b to anon", "S16 app.a, app.b"],
  ["alter table only app.a add column x int, drop column y", "D02 app.a.y"],
  ['drop table "App"."Orders"', "D01 App.Orders"],
];
