// Compiled, never run: what the public types allow, and what they don't.
import type { Request, RequestHandler } from 'express';
import express from 'express';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type {
  ErrorCode,
  EventListener,
  ExplainedRule,
  ForwardedRequest,
  KapacitorAuth,
  KapacitorAuthError,
  KapacitorAuthEvents,
  KapacitorAuthOptions,
  KapacitorUser,
  loadConfig,
  StoredSubscription,
  StoredUser,
  SubscriptionChangedEvent,
  SubscriptionInfo,
  Subscriptions,
  SubscriptionStore,
  ThrottleStore,
  UserGrants,
  UserInfo,
  Users,
  UserSource,
  UserStore,
} from 'kapacitor-auth';
import {
  AuthenticationError,
  authorizeApi,
  FileUserStore,
  forwardAuth,
  forwardedRequest,
  kapacitorAuth,
  MemoryUserStore,
  requireAdmin,
  requireDatabase,
  requirePermission,
  requirePrivilege,
  SqliteUserStore,
  ThrottledError,
  usersApi,
} from 'kapacitor-auth';

type Equal<A, B> = [A, B] extends [B, A] ? true : false;

/** Used as `holds(true satisfies Equal<A, B>)`, which compiles for equal types only. */
export function holds(proof: true): true {
  return proof;
}

// The middleware is a handler, and resolves the user.
const auth = kapacitorAuth();
const handler: RequestHandler = auth;
express().use(auth, handler, (request, response) => {
  const user: KapacitorUser | undefined = request.user;
  holds(true satisfies Equal<typeof request.user, Express.User | undefined>);
  holds(true satisfies Equal<keyof Express.User, keyof KapacitorUser>);
  // @ts-expect-error: there may be no user
  response.json(request.user.name);
  // @ts-expect-error: a user is read-only
  if (user) user.type = 'admin';
  // @ts-expect-error: no such privilege
  user?.can('execute', '/api/tasks');
});
holds(true satisfies Equal<typeof auth.users, Users | undefined>);
kapacitorAuth({ property: 'kapacitorUser' });
// @ts-expect-error: no such place
kapacitorAuth({ property: 'member' });
express().use((request, response) => {
  holds(true satisfies Equal<typeof request.kapacitorUser, KapacitorUser | undefined>);
  response.json(request.kapacitorUser);
});

// Subscriptions are there where the store keeps them; only a grant shows a token.
holds(true satisfies Equal<typeof auth.subscriptions, Subscriptions | undefined>);
export async function subscribe(subscriptions: Subscriptions): Promise<string> {
  const granted = await subscriptions.grant({ database: 'telegraf', retentionPolicy: undefined });
  const listed: readonly SubscriptionInfo[] = await subscriptions.list({ database: 'telegraf' });
  // @ts-expect-error: nobody knows the token any more
  String(listed[0]?.token);
  holds(true satisfies Equal<Awaited<ReturnType<typeof subscriptions.revoke>>, boolean>);
  return granted.token;
}

// Users are made with a password or with a hash.
void auth.users?.create({ name: 'amy', password: 'x' });
void auth.users?.create({ name: 'amy', hash: '$2b$', type: 'admin', permissions: [] });
void auth.users?.update('amy', { hash: '$2b$' });
void auth.users?.update('amy', { permissions: ['api'] });
// @ts-expect-error: one of both
void auth.users?.create({ name: 'amy', password: 'x', hash: '$2b$' });
// @ts-expect-error: one of both
void auth.users?.update('amy', { password: 'x', hash: '$2b$' });
// @ts-expect-error: a user logs in with something
void auth.users?.create({ name: 'amy' });
holds(true satisfies Equal<'hash' extends keyof UserInfo ? true : false, false>);

// An explanation is about a user of a request, or a name.
export async function mayRead(user: KapacitorUser): Promise<boolean> {
  const { allowed, rules } = await auth.explain(user, 'GET', '/kapacitor/v1/tasks');
  const [rule] = rules;
  holds(true satisfies Equal<typeof rule, ExplainedRule | undefined>);
  // @ts-expect-error: there may be no entry
  if (rule?.entry.privileges) return false;
  return allowed && (await auth.explain('amy', 'GET', '/', { caseSensitive: true })).allowed;
}

// Events are those that exist, each with what it holds; nobody but the package tells of them.
type Events = KapacitorAuthEvents;
holds(true satisfies Equal<Events['rejected']['code'], ErrorCode>);
holds(true satisfies Equal<Events['rejected']['user'], string | undefined>);
holds(
  true satisfies Equal<
    Events['userChanged']['change'],
    'created' | 'updated' | 'deleted' | 'renamed'
  >,
);
holds(true satisfies Equal<Events['subscriptionChanged']['change'], 'granted' | 'revoked'>);
holds(true satisfies Equal<'token' extends keyof SubscriptionChangedEvent ? true : false, false>);
holds(true satisfies Equal<keyof UserGrants, 'type' | 'permissions' | 'grants' | 'disabled'>);
holds(true satisfies Equal<'emit' extends keyof KapacitorAuth ? true : false, false>);
holds(true satisfies Equal<ReturnType<KapacitorAuth['metrics']['metrics']>, Promise<string>>);
auth.on('authenticated', ({ user, path }) => [user.length, path?.length]);
auth.once('forbidden', async ({ code }) => Promise.resolve(code));
const listener: EventListener<'authenticated'> = (event) => {
  // @ts-expect-error: an event is read-only
  event.user = 'root';
};
auth.off('authenticated', listener);
// @ts-expect-error: no such event
auth.on('error', () => undefined);
// @ts-expect-error: a listener of another event
auth.on('userChanged', ({ code }) => String(code));

// Guards take what exists.
requirePermission('api', 'config_api');
requirePrivilege('read', '/api/tasks');
requireDatabase('write');
// @ts-expect-error: no such permission
requirePermission('fly');
// @ts-expect-error: no such privilege
requirePrivilege('execute', '/api/tasks');
// @ts-expect-error: a guard of a resource needs the resource
requirePrivilege('read');
// @ts-expect-error: no such privilege
requireDatabase('append');

// What makes a handler is none itself.
const routes = express();
routes.get('/', requireAdmin());
// @ts-expect-error: call it, with ()
routes.get('/', requireAdmin);
// @ts-expect-error: call it, with ()
routes.get('/', requirePermission);
// @ts-expect-error: call it, with ()
routes.get('/', requirePrivilege);
// @ts-expect-error: call it, with ()
routes.get('/', requireDatabase);
// Express takes these for handlers of errors, whose first parameter may be anything.
// @ts-expect-error: call it, with ()
holds(authorizeApi satisfies RequestHandler);
// @ts-expect-error: call it, with ()
holds(usersApi satisfies RequestHandler);
// @ts-expect-error: call it, with ()
holds(kapacitorAuth satisfies RequestHandler);
// @ts-expect-error: it reads req.user
authorizeApi(auth);
// @ts-expect-error: it takes what kapacitorAuth() returned
usersApi();
// @ts-expect-error: it takes nothing
requireAdmin('root');

// Another proxy is answered by a handler, as itself or for requests of node:http.
const asked: RequestHandler = forwardAuth(auth);
express().all('/auth', asked, forwardAuth(auth, { basePath: '/svc', fields: 'original' }));
forwardAuth(auth, { caseSensitive: true, fields: undefined });
// @ts-expect-error: no such pair of fields
forwardAuth(auth, { fields: 'X-Original-URI' });
// @ts-expect-error: it needs what authenticates
forwardAuth((_request, _response, next) => {
  next();
});
export const told = (request: Request): ForwardedRequest => forwardedRequest(request);

// Options by both spellings; undefined is as if left out.
export const options: readonly KapacitorAuthOptions[] = [
  {},
  { http: { authEnabled: true }, auth: { bcryptCost: 12, cacheExpiration: '5m' } },
  { http: { 'auth-enabled': true }, auth: { 'bcrypt-cost': 12, 'meta-addr': 'meta:8091' } },
  { http: undefined, auth: { enabled: undefined }, store: undefined, onError: undefined },
  { store: { type: 'file', path: 'users.json' } },
  { store: new MemoryUserStore() },
  { throttle: { failuresPerUser: 5, 'failures-per-address': 50, window: '10m' } },
  { challenge: ({ headers }) => headers['x-requested-with'] === undefined, optional: true },
  // @ts-expect-error: no such option
  { auth: { bcryptcost: 12 } },
  // @ts-expect-error: a duration has a unit
  { auth: { cacheExpiration: 600 } },
  // @ts-expect-error: a duration has a unit
  { throttle: { window: 60 } },
];
holds(true satisfies Equal<ReturnType<typeof loadConfig>['auth']['cacheExpiration'], number>);

// Stores keep the contract; the least a source needs is find.
export const stores: readonly UserStore[] = [
  new MemoryUserStore([{ name: 'amy', password: 'x', permissions: ['api'] }]),
  new FileUserStore('users.json'),
  new SqliteUserStore('users.db'),
];
export const least: UserSource = { find: (): StoredUser | undefined => undefined };
const kept: SubscriptionStore = {
  find: (): StoredSubscription | undefined => undefined,
  list: () => [],
  put: (subscription) => subscription,
  delete: () => false,
  deleteDatabase: () => 0,
};
export const withSubscriptions: UserSource = { ...least, subscriptions: kept };
// @ts-expect-error: no such permission
new MemoryUserStore([{ name: 'amy', password: 'x', permissions: ['fly'] }]);

// Limiters of rate-limiter-flexible count failed logins.
const storeClient: object = {};
export const limiters: readonly ThrottleStore[] = [
  (limit) => new RateLimiterMemory(limit),
  (limit) => new RateLimiterRedis({ ...limit, storeClient }),
  (limit) => new RateLimiterPostgres({ ...limit, storeClient, tableName: limit.keyPrefix }),
  // @ts-expect-error: it counts nothing
  () => ({ penalty: () => undefined }),
];

// Codes and classes narrow.
export function explain(error: KapacitorAuthError): string {
  if (error instanceof AuthenticationError) holds(true satisfies Equal<typeof error.status, 401>);
  if (error instanceof ThrottledError) holds(true satisfies Equal<typeof error.status, 429>);
  // @ts-expect-error: no such code
  if (error.code === 'ERR_KAUTH_NOTHING') return 'never';
  if (error.code === 'ERR_KAUTH_FAILED') return error.message;
  holds(true satisfies Equal<typeof error.code, Exclude<ErrorCode, 'ERR_KAUTH_FAILED'>>);
  return error.code;
}
