import { anonSecurityDefinerFunctionExecutable } from "./checks/anon-security-definer-function-executable.ts";
import { authRlsInitplan } from "./checks/auth-rls-initplan.ts";
import { authUsersExposed } from "./checks/auth-users-exposed.ts";
import { authenticatedSecurityDefinerFunctionExecutable } from "./checks/authenticated-security-definer-function-executable.ts";
import { duplicateIndex } from "./checks/duplicate-index.ts";
import { extensionInPublic } from "./checks/extension-in-public.ts";
import { extensionVersionsOutdated } from "./checks/extension-versions-outdated.ts";
import { fkeyToAuthUnique } from "./checks/fkey-to-auth-unique.ts";
import { foreignTableInApi } from "./checks/foreign-table-in-api.ts";
import { functionSearchPathMutable } from "./checks/function-search-path-mutable.ts";
import { insecureQueueExposedInApi } from "./checks/insecure-queue-exposed-in-api.ts";
import { materializedViewInApi } from "./checks/materialized-view-in-api.ts";
import { multiplePermissivePolicies } from "./checks/multiple-permissive-policies.ts";
import { noPrimaryKey } from "./checks/no-primary-key.ts";
import { pgGraphqlAnonTableExposed } from "./checks/pg-graphql-anon-table-exposed.ts";
import { pgGraphqlAuthenticatedTableExposed } from "./checks/pg-graphql-authenticated-table-exposed.ts";
import { policyExistsRlsDisabled } from "./checks/policy-exists-rls-disabled.ts";
import { publicBucketAllowsListing } from "./checks/public-bucket-allows-listing.ts";
import { rlsDisabledInPublic } from "./checks/rls-disabled-in-public.ts";
import { rlsEnabledNoPolicy } from "./checks/rls-enabled-no-policy.ts";
import { rlsPolicyAlwaysTrue } from "./checks/rls-policy-always-true.ts";
import { rlsReferencesUserMetadata } from "./checks/rls-references-user-metadata.ts";
import { securityDefinerView } from "./checks/security-definer-view.ts";
import { sensitiveColumnsExposed } from "./checks/sensitive-columns-exposed.ts";
import { unindexedForeignKeys } from "./checks/unindexed-foreign-keys.ts";
import { unsupportedRegTypes } from "./checks/unsupported-reg-types.ts";
import type { AdvisorCheck } from "./check.ts";

export { newFindings, runAdvisors } from "./run-advisors.ts";

/**
 * The checks of Supabase's advisors that a migration can cause (docs/decisions/0019-rehearsal.md): not unused indexes and bloat,
 * which only use shows, nor anonymous sign-ins, which no catalog tells.
 */
export const advisorChecks: readonly AdvisorCheck[] = [
  unindexedForeignKeys,
  authUsersExposed,
  authRlsInitplan,
  noPrimaryKey,
  multiplePermissivePolicies,
  policyExistsRlsDisabled,
  rlsEnabledNoPolicy,
  duplicateIndex,
  securityDefinerView,
  functionSearchPathMutable,
  rlsDisabledInPublic,
  extensionInPublic,
  rlsReferencesUserMetadata,
  materializedViewInApi,
  foreignTableInApi,
  unsupportedRegTypes,
  insecureQueueExposedInApi,
  fkeyToAuthUnique,
  extensionVersionsOutdated,
  sensitiveColumnsExposed,
  rlsPolicyAlwaysTrue,
  publicBucketAllowsListing,
  pgGraphqlAnonTableExposed,
  anonSecurityDefinerFunctionExecutable,
  pgGraphqlAuthenticatedTableExposed,
  authenticatedSecurityDefinerFunctionExecutable,
];
