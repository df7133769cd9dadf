import type { ObjectKind } from "../../../model/catalog.ts";
import type { Rule } from "../rule.ts";
import { baseType } from "./base-type.ts";
import { column } from "./column.ts";
import { comment, securityLabel } from "./comment.ts";
import { constraint } from "./constraint.ts";
import { cast, collation, encodingConversion, transform } from "./conversion.ts";
import { accessMethod, defaultPrivilege, language, setting, statistics } from "./database-wide.ts";
import { columnDefault } from "./default.ts";
import { foreignDataWrapper, server, userMapping } from "./foreign-server.ts";
import { extension, schema } from "./namespace.ts";
import { operator, operatorClass, operatorFamily } from "./operator.ts";
import { policy } from "./policy.ts";
import { publication, publicationSchema, publicationTable } from "./publication.ts";
import { aggregate, routine } from "./routine.ts";
import { sequence } from "./sequence.ts";
import { subscription } from "./subscription.ts";
import { tableIndex } from "./table-index.ts";
import { table } from "./table.ts";
import {
  textSearchConfiguration,
  textSearchDictionary,
  textSearchParser,
  textSearchTemplate,
} from "./text-search.ts";
import { eventTrigger, rule, trigger } from "./trigger.ts";
import { compositeType, domain, enumType, range } from "./user-type.ts";
import { materializedView, view } from "./view.ts";

/** How each kind of object is made, dropped and altered. Grants are not here: they are planned object by object. */
export const rules: Readonly<Partial<Record<ObjectKind, Rule>>> = {
  access_method: accessMethod,
  aggregate,
  base_type: baseType,
  cast,
  collation,
  column,
  comment,
  composite_type: compositeType,
  constraint,
  conversion: encodingConversion,
  default: columnDefault,
  default_privilege: defaultPrivilege,
  domain,
  enum: enumType,
  event_trigger: eventTrigger,
  extension,
  foreign_data_wrapper: foreignDataWrapper,
  foreign_table: table,
  function: routine,
  index: tableIndex,
  language,
  materialized_view: materializedView,
  operator,
  operator_class: operatorClass,
  operator_family: operatorFamily,
  policy,
  procedure: routine,
  publication,
  publication_schema: publicationSchema,
  publication_table: publicationTable,
  range,
  rule,
  schema,
  security_label: securityLabel,
  sequence,
  server,
  setting,
  statistics,
  subscription,
  table,
  text_search_configuration: textSearchConfiguration,
  text_search_dictionary: textSearchDictionary,
  text_search_parser: textSearchParser,
  text_search_template: textSearchTemplate,
  transform,
  trigger,
  user_mapping: userMapping,
  view,
};
