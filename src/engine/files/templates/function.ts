import { quoteLiteral } from "../../sql/quote.ts";
import { guessTable } from "./guess-subject.ts";
import { parseObject } from "./subject.ts";
import { needsSubject, purposeOf, type RenderedTemplate, type TemplateFacts } from "./template.ts";

/** A function that runs with its caller's rights, with an empty search path, callable by signed-in users only. */
export function functionTemplate(facts: TemplateFacts): RenderedTemplate {
  const subject = parseObject(facts.subject ?? guessTable(facts.name, ["function", "rpc"]) ?? "");
  if (subject === undefined)
    return needsSubject("Give the function as subject, such as order_total or public.order_total.");
  const signature = `${subject.sql}()`;
  return {
    kind: "rendered",
    sql: `create function ${signature}
returns void
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- The search path is empty: name every object with its schema.
  return;
end;
$$;

comment on function ${signature} is ${quoteLiteral(purposeOf(facts))};

revoke execute on function ${signature} from public, anon;
grant execute on function ${signature} to authenticated, service_role;
`,
    rollback: `drop function ${signature};\n`,
  };
}
