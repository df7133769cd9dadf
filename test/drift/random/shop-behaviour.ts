import type { Choose } from "./choose.ts";

/** Triggers, rules, policies, privileges and publications over the shop's tables. */
export function writeShopBehaviour(choose: Choose): string {
  return [triggers(choose), policies(choose), privileges(choose), publications(choose)].join("\n");
}

function triggers(choose: Choose): string {
  return `
    create function touch() returns trigger language plpgsql ${choose("touch", "", "security definer set search_path = public, pg_temp", "set work_mem = '4MB' set search_path = ''")} as $$begin
      ${choose("touch.body", "return new;", "perform norm('x'); return new;", "-- it's; $ \\ nothing\n return null;")} end$$;
    ${choose(
      "orders.trigger",
      "",
      "create trigger touch before insert or update on orders for each row execute function touch();",
      "create trigger touch before update of state, sum on orders for each row when (old.state is distinct from new.state) execute function touch('a', 'it''s');",
      "create trigger touch after update on orders referencing old table as o new table as n for each statement execute function touch();",
      "create constraint trigger touch after update on orders deferrable initially deferred for each row execute function touch();",
    )}
    ${choose("orders.trigger", "", "alter table orders disable trigger touch;", "alter table orders enable always trigger touch; comment on trigger touch on orders is 't';", "", "alter table orders enable replica trigger touch;")}
    ${choose("users.trigger", "", "create trigger a after truncate on users execute function touch(); create trigger b after insert on users for each row when (new.email <> norm(new.email)) execute function touch();")}
    ${choose("views", "yes", "yes", "yes", "") === "" ? "" : choose("v_orders.trigger", "", "create trigger v instead of insert or update on v_orders for each row execute function touch();", "create rule v as on insert to v_orders do instead nothing;", "create rule v as on delete to v_orders do instead delete from orders where id = old.id;")}
    ${choose("orders.rule", "", "create rule no_delete as on delete to orders do instead nothing;", "create rule no_delete as on delete to orders where old.state = 'sent' do also delete from lines where order_id = old.id; alter table orders disable rule no_delete;")}
    ${choose(
      "event trigger",
      "",
      "create function on_ddl() returns event_trigger language plpgsql as 'begin end'; create event trigger on_ddl on ddl_command_end execute function on_ddl();",
      "create function on_ddl() returns event_trigger language plpgsql as 'begin null; end'; create event trigger on_ddl on sql_drop when tag in ('DROP TABLE', 'DROP VIEW') execute function on_ddl(); alter event trigger on_ddl enable always; comment on event trigger on_ddl is 'e';",
    )}`;
}

function policies(choose: Choose): string {
  return `
    create function may(u bigint) returns bool stable ${choose("may", "", "security definer")} language sql as ${choose("may.body", "'select true'", "'select exists (select from users where id = $1)'")};
    ${choose("orders.rls", "", "alter table orders enable row level security;", "alter table orders enable row level security; alter table orders force row level security;")}
    ${choose(
      "orders.policy",
      "",
      "create policy own on orders using (may(user_id));",
      "create policy own on orders as restrictive for update to app, reader using (may(user_id)) with check (state = 'new');",
      `create policy own on orders for select to "Mixed ""Role" using (exists (select from users u where u.id = user_id and u.active is not null));`,
      "create policy own on orders for insert with check (state <> 'sent' and may(id));",
    )}
    ${choose("users.policy", "", `create policy "see it's" on users for select to reader using (true); comment on policy "see it's" on users is 'p';`, `create policy "see it's" on users to app using (email = current_user) with check (may(id));`)}`;
}

function privileges(choose: Choose): string {
  return `
    ${choose("default.tables", "", "alter default privileges grant select on tables to reader;", "alter default privileges in schema public grant all on tables to app with grant option;")}
    ${choose("default.functions", "", "alter default privileges revoke execute on functions from public;", "alter default privileges for role app grant execute on functions to reader;")}
    ${choose("orders.grant", "", "grant select, insert on orders to app;", "grant select on orders to app with grant option; grant update (state) on orders to reader;", "grant insert (id, state), references (id) on orders to app with grant option;", "grant all on orders to public;")}
    ${choose("status.grant", "", "revoke usage on type status from public; grant usage on type status to app;")}
    ${choose("order_no.grant", "", "grant usage, select on sequence order_no to app;", "grant all on sequence order_no to reader with grant option;")}
    ${choose("schema", "", "grant create on schema public to app;", "revoke usage on schema public from public;", "comment on schema public is 'all';")}
    ${choose("set", "", "", `alter role app set search_path = public;`)}`;
}

function publications(choose: Choose): string {
  const name = choose("publication", "pub", `"Pub 1"`);
  return choose(
    "publication.of",
    "",
    `create publication ${name} for table orders, users;`,
    `create publication ${name} for table lines (order_id, no), users where (id > 5) with (publish = 'insert, delete');`.replace(
      ", delete",
      "",
    ),
    `create publication ${name} for tables in schema public with (publish_via_partition_root = true);`,
    `create publication ${name} for all tables; comment on publication ${name} is 'p';`,
  );
}
