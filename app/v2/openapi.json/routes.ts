import type { RouteModule } from "@/lib/http/openapi/document";
import * as at_apps from "@/app/v2/apps/route";
import * as at_apps_slug from "@/app/v2/apps/[slug]/route";
import * as at_audit from "@/app/v2/audit/route";
import * as at_audit_export from "@/app/v2/audit/export/route";
import * as at_events from "@/app/v2/events/route";
import * as at_hostKeys from "@/app/v2/hostKeys/route";
import * as at_hostKeys_host from "@/app/v2/hostKeys/[host]/route";
import * as at_me from "@/app/v2/me/route";
import * as at_openapi_json from "@/app/v2/openapi.json/route";
import * as at_operations from "@/app/v2/operations/route";
import * as at_operations_operationId from "@/app/v2/operations/[operationId]/route";
import * as at_operations_operationId_cancel from "@/app/v2/operations/[operationId]/cancel/route";
import * as at_operations_operationId_retry from "@/app/v2/operations/[operationId]/retry/route";
import * as at_platform from "@/app/v2/platform/route";
import * as at_readiness from "@/app/v2/readiness/route";
import * as at_signin from "@/app/v2/signin/route";
import * as at_signin_link from "@/app/v2/signin/link/route";
import * as at_signin_oidc from "@/app/v2/signin/oidc/route";
import * as at_signin_oidc_callback from "@/app/v2/signin/oidc/callback/route";
import * as at_signout from "@/app/v2/signout/route";
import * as at_user_accessTokens from "@/app/v2/user/accessTokens/route";
import * as at_user_accessTokens_tokenId from "@/app/v2/user/accessTokens/[tokenId]/route";
import * as at_user_password from "@/app/v2/user/password/route";
import * as at_user_sessions from "@/app/v2/user/sessions/route";
import * as at_user_sessions_sessionId from "@/app/v2/user/sessions/[sessionId]/route";
import * as at_users from "@/app/v2/users/route";
import * as at_users_userId from "@/app/v2/users/[userId]/route";
import * as at_users_userId_password from "@/app/v2/users/[userId]/password/route";
import * as at_users_userId_sessions from "@/app/v2/users/[userId]/sessions/route";
import * as at_workspaces from "@/app/v2/workspaces/route";
import * as at_workspaces_id from "@/app/v2/workspaces/[id]/route";
import * as at_workspaces_id_apps from "@/app/v2/workspaces/[id]/apps/route";
import * as at_workspaces_id_apps_slug from "@/app/v2/workspaces/[id]/apps/[slug]/route";
import * as at_workspaces_id_apps_slug_config from "@/app/v2/workspaces/[id]/apps/[slug]/config/route";
import * as at_workspaces_id_automations from "@/app/v2/workspaces/[id]/automations/route";
import * as at_workspaces_id_automations_slug from "@/app/v2/workspaces/[id]/automations/[...slug]/route";
import * as at_workspaces_id_blocks from "@/app/v2/workspaces/[id]/blocks/route";
import * as at_workspaces_id_config from "@/app/v2/workspaces/[id]/config/route";
import * as at_workspaces_id_customDomains from "@/app/v2/workspaces/[id]/customDomains/route";
import * as at_workspaces_id_customDomains_domain from "@/app/v2/workspaces/[id]/customDomains/[domain]/route";
import * as at_workspaces_id_customDomains_domain_check from "@/app/v2/workspaces/[id]/customDomains/[domain]/check/route";
import * as at_workspaces_id_duplicate from "@/app/v2/workspaces/[id]/duplicate/route";
import * as at_workspaces_id_events from "@/app/v2/workspaces/[id]/events/route";
import * as at_workspaces_id_export from "@/app/v2/workspaces/[id]/export/route";
import * as at_workspaces_id_import from "@/app/v2/workspaces/[id]/import/route";
import * as at_workspaces_id_pages from "@/app/v2/workspaces/[id]/pages/route";
import * as at_workspaces_id_pages_slug from "@/app/v2/workspaces/[id]/pages/[...slug]/route";
import * as at_workspaces_id_permissions from "@/app/v2/workspaces/[id]/permissions/route";
import * as at_workspaces_id_permissions_target from "@/app/v2/workspaces/[id]/permissions/[target]/route";
import * as at_workspaces_id_pull from "@/app/v2/workspaces/[id]/pull/route";
import * as at_workspaces_id_push from "@/app/v2/workspaces/[id]/push/route";
import * as at_workspaces_id_repositories from "@/app/v2/workspaces/[id]/repositories/route";
import * as at_workspaces_id_repositories_repositoryId_state from "@/app/v2/workspaces/[id]/repositories/[repositoryId]/state/route";
import * as at_workspaces_id_repositories_repositoryId_test from "@/app/v2/workspaces/[id]/repositories/[repositoryId]/test/route";
import * as at_workspaces_id_search from "@/app/v2/workspaces/[id]/search/route";
import * as at_workspaces_id_security from "@/app/v2/workspaces/[id]/security/route";
import * as at_workspaces_id_security_roles from "@/app/v2/workspaces/[id]/security/roles/route";
import * as at_workspaces_id_security_secrets from "@/app/v2/workspaces/[id]/security/secrets/route";
import * as at_workspaces_id_security_secrets_name from "@/app/v2/workspaces/[id]/security/secrets/[name]/route";
import * as at_workspaces_id_sources from "@/app/v2/workspaces/[id]/sources/route";
import * as at_workspaces_id_sources_path from "@/app/v2/workspaces/[id]/sources/[...path]/route";
import * as at_workspaces_id_status from "@/app/v2/workspaces/[id]/status/route";
import * as at_workspaces_id_sync from "@/app/v2/workspaces/[id]/sync/route";
import * as at_workspaces_id_sync_file from "@/app/v2/workspaces/[id]/sync/file/route";
import * as at_workspaces_id_versions from "@/app/v2/workspaces/[id]/versions/route";
import * as at_workspaces_id_versions_name from "@/app/v2/workspaces/[id]/versions/[name]/route";
import * as at_workspaces_id_versions_name_changes from "@/app/v2/workspaces/[id]/versions/[name]/changes/route";
import * as at_workspaces_id_versions_name_duplicate from "@/app/v2/workspaces/[id]/versions/[name]/duplicate/route";
import * as at_workspaces_id_versions_name_export from "@/app/v2/workspaces/[id]/versions/[name]/export/route";
import * as at_workspaces_id_versions_name_file from "@/app/v2/workspaces/[id]/versions/[name]/file/route";
import * as at_workspaces_id_versions_name_pull from "@/app/v2/workspaces/[id]/versions/[name]/pull/route";
import * as at_workspaces_id_versions_name_rollback from "@/app/v2/workspaces/[id]/versions/[name]/rollback/route";
import * as at_workspaces_id_writeLock from "@/app/v2/workspaces/[id]/writeLock/route";
import * as at_workspaces_counts from "@/app/v2/workspaces/counts/route";
import * as at_workspaces_export from "@/app/v2/workspaces/export/route";
import * as at_workspaces_import from "@/app/v2/workspaces/import/route";
import * as at_workspaces_labels from "@/app/v2/workspaces/labels/route";
import * as at_workspaces_platform_versions from "@/app/v2/workspaces/platform/versions/route";
import * as at_workspaces_platform_versions_latest_pull from "@/app/v2/workspaces/platform/versions/latest/pull/route";

/** Every route of the API; written by `npx tsx scripts/api-routes.ts` whenever one is added. */
export const ROUTES: readonly RouteModule[] = [
  { path: "/v2/apps", handlers: at_apps },
  { path: "/v2/apps/[slug]", handlers: at_apps_slug },
  { path: "/v2/audit", handlers: at_audit },
  { path: "/v2/audit/export", handlers: at_audit_export },
  { path: "/v2/events", handlers: at_events },
  { path: "/v2/hostKeys", handlers: at_hostKeys },
  { path: "/v2/hostKeys/[host]", handlers: at_hostKeys_host },
  { path: "/v2/me", handlers: at_me },
  { path: "/v2/openapi.json", handlers: at_openapi_json },
  { path: "/v2/operations", handlers: at_operations },
  { path: "/v2/operations/[operationId]", handlers: at_operations_operationId },
  { path: "/v2/operations/[operationId]/cancel", handlers: at_operations_operationId_cancel },
  { path: "/v2/operations/[operationId]/retry", handlers: at_operations_operationId_retry },
  { path: "/v2/platform", handlers: at_platform },
  { path: "/v2/readiness", handlers: at_readiness },
  { path: "/v2/signin", handlers: at_signin },
  { path: "/v2/signin/link", handlers: at_signin_link },
  { path: "/v2/signin/oidc", handlers: at_signin_oidc },
  { path: "/v2/signin/oidc/callback", handlers: at_signin_oidc_callback },
  { path: "/v2/signout", handlers: at_signout },
  { path: "/v2/user/accessTokens", handlers: at_user_accessTokens },
  { path: "/v2/user/accessTokens/[tokenId]", handlers: at_user_accessTokens_tokenId },
  { path: "/v2/user/password", handlers: at_user_password },
  { path: "/v2/user/sessions", handlers: at_user_sessions },
  { path: "/v2/user/sessions/[sessionId]", handlers: at_user_sessions_sessionId },
  { path: "/v2/users", handlers: at_users },
  { path: "/v2/users/[userId]", handlers: at_users_userId },
  { path: "/v2/users/[userId]/password", handlers: at_users_userId_password },
  { path: "/v2/users/[userId]/sessions", handlers: at_users_userId_sessions },
  { path: "/v2/workspaces", handlers: at_workspaces },
  { path: "/v2/workspaces/[id]", handlers: at_workspaces_id },
  { path: "/v2/workspaces/[id]/apps", handlers: at_workspaces_id_apps },
  { path: "/v2/workspaces/[id]/apps/[slug]", handlers: at_workspaces_id_apps_slug },
  { path: "/v2/workspaces/[id]/apps/[slug]/config", handlers: at_workspaces_id_apps_slug_config },
  { path: "/v2/workspaces/[id]/automations", handlers: at_workspaces_id_automations },
  { path: "/v2/workspaces/[id]/automations/[...slug]", handlers: at_workspaces_id_automations_slug },
  { path: "/v2/workspaces/[id]/blocks", handlers: at_workspaces_id_blocks },
  { path: "/v2/workspaces/[id]/config", handlers: at_workspaces_id_config },
  { path: "/v2/workspaces/[id]/customDomains", handlers: at_workspaces_id_customDomains },
  { path: "/v2/workspaces/[id]/customDomains/[domain]", handlers: at_workspaces_id_customDomains_domain },
  {
    path: "/v2/workspaces/[id]/customDomains/[domain]/check",
    handlers: at_workspaces_id_customDomains_domain_check,
  },
  { path: "/v2/workspaces/[id]/duplicate", handlers: at_workspaces_id_duplicate },
  { path: "/v2/workspaces/[id]/events", handlers: at_workspaces_id_events },
  { path: "/v2/workspaces/[id]/export", handlers: at_workspaces_id_export },
  { path: "/v2/workspaces/[id]/import", handlers: at_workspaces_id_import },
  { path: "/v2/workspaces/[id]/pages", handlers: at_workspaces_id_pages },
  { path: "/v2/workspaces/[id]/pages/[...slug]", handlers: at_workspaces_id_pages_slug },
  { path: "/v2/workspaces/[id]/permissions", handlers: at_workspaces_id_permissions },
  { path: "/v2/workspaces/[id]/permissions/[target]", handlers: at_workspaces_id_permissions_target },
  { path: "/v2/workspaces/[id]/pull", handlers: at_workspaces_id_pull },
  { path: "/v2/workspaces/[id]/push", handlers: at_workspaces_id_push },
  { path: "/v2/workspaces/[id]/repositories", handlers: at_workspaces_id_repositories },
  {
    path: "/v2/workspaces/[id]/repositories/[repositoryId]/state",
    handlers: at_workspaces_id_repositories_repositoryId_state,
  },
  {
    path: "/v2/workspaces/[id]/repositories/[repositoryId]/test",
    handlers: at_workspaces_id_repositories_repositoryId_test,
  },
  { path: "/v2/workspaces/[id]/search", handlers: at_workspaces_id_search },
  { path: "/v2/workspaces/[id]/security", handlers: at_workspaces_id_security },
  { path: "/v2/workspaces/[id]/security/roles", handlers: at_workspaces_id_security_roles },
  { path: "/v2/workspaces/[id]/security/secrets", handlers: at_workspaces_id_security_secrets },
  { path: "/v2/workspaces/[id]/security/secrets/[name]", handlers: at_workspaces_id_security_secrets_name },
  { path: "/v2/workspaces/[id]/sources", handlers: at_workspaces_id_sources },
  { path: "/v2/workspaces/[id]/sources/[...path]", handlers: at_workspaces_id_sources_path },
  { path: "/v2/workspaces/[id]/status", handlers: at_workspaces_id_status },
  { path: "/v2/workspaces/[id]/sync", handlers: at_workspaces_id_sync },
  { path: "/v2/workspaces/[id]/sync/file", handlers: at_workspaces_id_sync_file },
  { path: "/v2/workspaces/[id]/versions", handlers: at_workspaces_id_versions },
  { path: "/v2/workspaces/[id]/versions/[name]", handlers: at_workspaces_id_versions_name },
  { path: "/v2/workspaces/[id]/versions/[name]/changes", handlers: at_workspaces_id_versions_name_changes },
  {
    path: "/v2/workspaces/[id]/versions/[name]/duplicate",
    handlers: at_workspaces_id_versions_name_duplicate,
  },
  { path: "/v2/workspaces/[id]/versions/[name]/export", handlers: at_workspaces_id_versions_name_export },
  { path: "/v2/workspaces/[id]/versions/[name]/file", handlers: at_workspaces_id_versions_name_file },
  { path: "/v2/workspaces/[id]/versions/[name]/pull", handlers: at_workspaces_id_versions_name_pull },
  { path: "/v2/workspaces/[id]/versions/[name]/rollback", handlers: at_workspaces_id_versions_name_rollback },
  { path: "/v2/workspaces/[id]/writeLock", handlers: at_workspaces_id_writeLock },
  { path: "/v2/workspaces/counts", handlers: at_workspaces_counts },
  { path: "/v2/workspaces/export", handlers: at_workspaces_export },
  { path: "/v2/workspaces/import", handlers: at_workspaces_import },
  { path: "/v2/workspaces/labels", handlers: at_workspaces_labels },
  { path: "/v2/workspaces/platform/versions", handlers: at_workspaces_platform_versions },
  {
    path: "/v2/workspaces/platform/versions/latest/pull",
    handlers: at_workspaces_platform_versions_latest_pull,
  },
];
