// The whole public surface, and nothing else.

// The middleware, and the same without Express.
export { kapacitorAuth } from './kapacitor-auth.js';
export type { KapacitorAuth } from './kapacitor-auth.js';
export type { AuthenticationRequest } from './authenticate/authenticator.js';
export type { LoginRequest } from './authenticate/authenticator.js';
export type { LoginForm } from './express/login-form.js';
export type { Revocation, RunningRequest } from './express/revocation.js';
export type {
  RevocationOptions,
  RevokedListener,
  StreamRequest,
} from './authenticate/streams/open-stream.js';
export type { FindUserOptions, UserInquiries } from './manage/inspect-users.js';
export type {
  AddressedRequest,
  ForwardedHeaders,
  PeerSocket,
} from './credentials/client-address.js';
export type { CredentialsHeaders } from './credentials/parse.js';
export type { MaybePromise } from './maybe-promise.js';
export { judgeApiRequest } from './privileges/judge.js';
export type { TaskChange } from './privileges/task-change.js';
export { judgeBeforeBody, judgeTaskChange, taskChangeOf } from './privileges/task-change.js';
export { outermostKeys } from './express/users-api/json-body.js';
export type { JudgeOptions } from './privileges/api-decision.js';
export type { ApiRule } from './privileges/api-decision.js';
export type { ExplainedRefusal, ExplainedRule, Explanation } from './privileges/explanation.js';

// Configuration.
export { loadConfig } from './config/load.js';
export { isPlausibleSecret, PLAUSIBLE_SECRET } from './config/plausible-secret.js';
export { describeConfig } from './config/describe.js';
export type { DescribedOption } from './config/describe.js';
export type { Config, LeftAside } from './config/config.js';
export { parseDuration } from './config/duration.js';
export type { FileSpelling, KebabCase } from './config/file-spelling.js';
export type { KapacitorAuthOptions } from './config/kapacitor-auth-options.js';
export type { HttpConfig, HttpOptions } from './config/sections/http.js';
export type { AuthConfig, AuthOptions } from './config/sections/auth.js';
export type { ThrottleConfig, ThrottleOptions } from './config/sections/throttle.js';
export type { StoreConfig, StoreOptions } from './config/sections/store.js';
export type { GatewayConfig, GatewayOptions } from './config/sections/gateway.js';
export type { MetricsConfig, MetricsOptions } from './config/sections/metrics.js';
export type { AuditConfig, AuditOptions } from './config/sections/audit.js';
export type { CorsConfig, CorsOptions } from './config/sections/cors.js';
export type { PagesSwitch } from './config/pages-switch.js';
export type { PagesConfig, PagesOptions } from './config/sections/pages.js';
export type { Logger } from './logger.js';
export type { WarningCode } from './warnings.js';

// The users of a Kapacitor, out of its own database.
export { isKapacitorDb } from './kapacitor-db/is-kapacitor-db.js';
export { readKapacitorBackup, readKapacitorDb } from './kapacitor-db/read-kapacitor-db.js';
export type { KapacitorDbContent } from './kapacitor-db/read-snapshot.js';
export type { ImportedUser } from './kapacitor-db/imported-user.js';
export type { ImportedSubscription } from './kapacitor-db/imported-subscription.js';
export type { LeftOut } from './kapacitor-db/left-out.js';
export { planImport } from './kapacitor-db/plan-import.js';
export type { ImportPlan } from './kapacitor-db/plan-import.js';

// Guards and Kapacitor's own rules.
export {
  requireAdmin,
  requireDatabase,
  requirePermission,
  requirePrivilege,
} from './express/guards.js';
export { authorizeApi } from './express/api-rules.js';
export type { AuthorizeApiOptions } from './express/api-rules.js';
export { forwardAuth } from './express/forward-auth.js';
export type { ForwardAuthOptions } from './express/forward-auth.js';
export { forwardedRequest } from './express/forwarded-request.js';
export type { ForwardedFields, ForwardedRequest } from './express/forwarded-request.js';
export { usersApi } from './express/users-api/users-api.js';
export { adminPages } from './pages/admin-pages.js';
export type { AdminPagesOptions } from './pages/admin-pages.js';
export { askedHost, forwardedHost } from './express/asked-host.js';
export type { ProxiedRequest } from './express/asked-host.js';
export { judgeForgery } from './express/cross-site.js';
export { answerError, answerJson } from './express/answers.js';
export type { Next, OnError } from './express/answer-policy.js';

// Files that a program beside the package reads, as the configuration is read.
export { readFile as readBoundedFile } from './config/sources/read-file.js';
export type { FileContent, UnreadableFile } from './config/sources/read-file.js';

// Watching it run.
export type { Observable } from './observe/observable.js';
export type {
  AuthenticatedEvent,
  EventListener,
  EventName,
  ForbiddenEvent,
  KapacitorAuthEvents,
  RejectedEvent,
  RequestFacts,
  RevokedEvent,
  SubscriptionChangedEvent,
  UserChangedEvent,
  UserField,
  UserGrants,
} from './observe/events.js';
export { hearEvents } from './observe/heard-event.js';
export type { HeardEvent, HeardGrants, HeardSubscription } from './observe/heard-event.js';
export { RecentEvents } from './observe/recent-events.js';
export type { AuditTrail, RecentEvent, RecentEventsQuery } from './observe/recent-events.js';
export { holdsSecret, isSecretName } from './observe/hidden-secrets.js';
export type { ReportedRequest, ReportedSocket, ReportedUser } from './observe/request-facts.js';

// The user of a request and what it may do.
export { ADMIN_USER } from './privileges/user.js';
export type { KapacitorUser, UserData, UserOrigin } from './privileges/user.js';
export { canonicalGrants } from './privileges/grant.js';
export type { Permission } from './privileges/permission.js';
export type { Privilege } from './privileges/privilege.js';
export type { PrivilegeEntry, Privileges } from './privileges/privileges.js';

// Hashes and tokens for others.
export { generatePassword } from './manage/generate-password.js';
export { hashPassword } from './manage/hash-password.js';
export { signToken } from './authenticate/sign-token.js';
export type { TokenClaims } from './authenticate/sign-token.js';

// Passport's side.
export type { PassportActions, PassportStrategy } from './authenticate/passport-strategy.js';
export type {
  DeserializeUser,
  PassportAuthenticator,
  PassportListener,
  PassportOptions,
  SerializeUser,
} from './express/passport.js';
export { KapacitorStrategy } from './authenticate/strategy.js';
export type { RequestAuthenticator, StrategyActions } from './authenticate/strategy.js';

// Users and where they live.
export type { Users } from './manage/users.js';
export type {
  HashedUser,
  NewUser,
  PutNames,
  UserInfo,
  UserListOptions,
  UserSecret,
  UserUpdate,
} from './manage/user-forms.js';
export type {
  GrantedSubscription,
  NewSubscription,
  SubscriptionInfo,
  Subscriptions,
} from './manage/subscriptions.js';
export type { ChangeActor } from './manage/user-changes.js';
export { FileUserStore } from './stores/file-store.js';
export type { FileUserStoreOptions } from './stores/file-store.js';
export { MemoryUserStore } from './stores/memory-store.js';
export type { MemoryUser } from './stores/memory-store.js';
export { MetaUserStore } from './stores/meta/meta-user-store.js';
export type { MetaUserStoreOptions } from './stores/meta/meta-options.js';
export { PostgresUserStore } from './stores/postgres-store.js';
export { postgresSchemaSql } from './stores/postgres/schema.js';
export type { PostgresSchemaOptions } from './stores/postgres/schema.js';
export type { PostgresTls, PostgresUserStoreOptions } from './stores/postgres/postgres-options.js';
export type {
  PostgresNotification,
  PostgresPool,
  PostgresPoolClient,
  PostgresQuestion,
  PostgresReply,
} from './stores/postgres/postgres-pool.js';
export { SqliteUserStore } from './stores/sqlite-store.js';
export type { SqliteUserStoreOptions } from './stores/sqlite-store.js';
export type {
  CatchUpOptions,
  ChangeOptions,
  CreateOptions,
  FindOptions,
  StoredUser,
  UserChangeListener,
  UserChanges,
  UserPut,
  UserSource,
  UserStore,
  UserToPut,
  WrapStore,
} from './stores/user-store.js';
export type { EndedSessions } from './stores/ended-sessions.js';
export type { ListOptions } from './stores/list-options.js';
export type { UserType } from './privileges/user.js';
export type {
  StoredSubscription,
  SubscriptionListOptions,
  SubscriptionStore,
  UnusableUser,
} from './stores/subscription-store.js';
export { isUserStore } from './stores/user-store.js';
export { UnusableUserError } from './stores/rules/unusable-user.js';

// Where failed logins are counted. The memory is for a process that counts for several others.
export { FailureMemory } from './authenticate/throttle/failure-memory.js';
export type { FailureMemoryOptions } from './authenticate/throttle/failure-memory.js';
export type {
  FailureCount,
  FailureCounter,
  FailureCounterOptions,
  ThrottleStore,
} from './stores/failure-counter.js';

// Errors.
export * from './errors.js';
