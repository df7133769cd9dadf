import type { Family } from "./fact-draft.ts";
import { aggregates } from "./kinds/aggregates.ts";
import { baseTypes } from "./kinds/base-types.ts";
import { casts } from "./kinds/casts.ts";
import { collations, conversions } from "./kinds/collations.ts";
import { columns } from "./kinds/columns.ts";
import { constraints } from "./kinds/constraints.ts";
import { databaseOwn } from "./kinds/database.ts";
import { defaultPrivileges } from "./kinds/default-privileges.ts";
import { eventTriggers } from "./kinds/event-triggers.ts";
import { extendedStatistics } from "./kinds/extended-statistics.ts";
import { extensions } from "./kinds/extensions.ts";
import { foreignDataWrappers, servers, userMappings } from "./kinds/foreign-servers.ts";
import { indexes } from "./kinds/indexes.ts";
import { memberPrivileges } from "./kinds/member-privileges.ts";
import { accessMethods, languages, transforms } from "./kinds/languages.ts";
import { operatorClasses, operatorFamilies, operators } from "./kinds/operators.ts";
import { policies } from "./kinds/policies.ts";
import { publications, publicationSchemas, publicationTables } from "./kinds/publications.ts";
import { ranges } from "./kinds/ranges.ts";
import { relations } from "./kinds/relations.ts";
import { routines } from "./kinds/routines.ts";
import { rules } from "./kinds/rules.ts";
import { schemas } from "./kinds/schemas.ts";
import { sequences } from "./kinds/sequences.ts";
import { settings } from "./kinds/settings.ts";
import { subscriptions } from "./kinds/subscriptions.ts";
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
} from "./kinds/text-search.ts";
import { triggers } from "./kinds/triggers.ts";
import { userTypes } from "./kinds/user-types.ts";

/** Every family of kinds that a snapshot reads. */
export const families: readonly Family[] = [
  schemas,
  extensions,
  relations,
  columns,
  constraints,
  indexes,
  sequences,
  routines,
  aggregates,
  triggers,
  policies,
  rules,
  userTypes,
  ranges,
  baseTypes,
  extendedStatistics,
  collations,
  conversions,
  operators,
  operatorFamilies,
  operatorClasses,
  casts,
  languages,
  accessMethods,
  transforms,
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
  eventTriggers,
  foreignDataWrappers,
  servers,
  userMappings,
  publications,
  publicationTables,
  publicationSchemas,
  subscriptions,
  defaultPrivileges,
  settings,
  databaseOwn,
  memberPrivileges,
];
