import type { ObjectKind } from "../../../model/catalog.ts";
import type { Rule } from "../rule.ts";
import { column } from "./column.ts";
import { comment, securityLabel } from "./comment.ts";
import { constraint } from "./constraint.ts";
import { columnDefault } from "./default.ts";
import { extension, schema } from "./namespace.ts";
import { policy } from "./policy.ts";
import { aggregate, routine } from "./routine.ts";
import { sequence } from "./sequence.ts";
import { tableIndex } from "./table-index.ts";
import { table } from "./table.ts";
import { eventTrigger, rule, trigger } from "./trigger.ts";
import { compositeType, domain, enumType, range } from "./user-type.ts";
import { materializedView, view } from "./view.ts";

/** How each kind of object is made, dropped and altered. Grants are not here: they are planned object by object. */
export const rules: Readonly<Partial<Record<ObjectKind, Rule>>> = {
  aggregate,
  column,
  comment,
  composite_type: compositeType,
  constraint,
  default: columnDefault,
  domain,
  enum: enumType,
  event_trigger: eventTrigger,
  extension,
  foreign_table: table,
  function: routine,
  index: tableIndex,
  materialized_view: materializedView,
  policy,
  procedure: routine,
  range,
  rule,
  schema,
  security_label: securityLabel,
  sequence,
  table,
  trigger,
  view,
};
