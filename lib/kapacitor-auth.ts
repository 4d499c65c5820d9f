import type { RequestHandler } from 'express';
import { Authenticator as Passport } from 'passport';
import type { AuthenticationRequest } from './authenticate/authenticator.js';
import { Authenticator } from './authenticate/authenticator.js';
import { GuardedStore } from './authenticate/guarded-store.js';
import { KnownRequests } from './authenticate/known-requests.js';
import type { Verdict } from './authenticate/logins.js';
import { Logins } from './authenticate/logins.js';
import { bindProof } from './authenticate/password-proof.js';
import { BcryptQueue } from './authenticate/passwords/bcrypt-queue.js';
import { HashRenewal } from './authenticate/passwords/hash-renewal.js';
import { Passwords } from './authenticate/passwords/passwords.js';
import { VerifiedPasswords } from './authenticate/passwords/verified-passwords.js';
import { openSessions } from './authenticate/sessions/open-sessions.js';
import { bindSessions } from './authenticate/sessions/sessions-of.js';
import { KapacitorStrategy } from './authenticate/strategy.js';
import { OpenStreams } from './authenticate/streams/open-streams.js';
import { SubscriptionLogin } from './authenticate/subscription-login.js';
import { Throttle } from './authenticate/throttle/throttle.js';
import { UserCache } from './authenticate/user-cache.js';
import { AskTimes } from './authenticate/waiting/ask-times.js';
import { verificationQueue } from './authenticate/waiting/source-queues.js';
import type { Config } from './config/config.js';
import type { KapacitorAuthOptions } from './config/kapacitor-auth-options.js';
import { loadConfig } from './config/load.js';
import type { AnswerPolicy } from './express/answer-policy.js';
import { bindPolicy } from './express/answer-policy.js';
import { checkCalled } from './express/calling.js';
import { challenges } from './express/challenge.js';
import type { LoginForm } from './express/login-form.js';
import { loginForm } from './express/login-form.js';
import { admitting, authenticating } from './express/middleware.js';
import { bindPassing, isForGateway } from './express/passing-requests.js';
import type { PassportAuthenticator } from './express/passport.js';
import { reportOnly } from './express/report-only.js';
import { checkAuthenticated, reportingAuthenticator } from './express/reporting-authenticator.js';
import type { Revocation } from './express/revocation.js';
import { revocation } from './express/revocation.js';
import { once } from './lazy.js';
import type { UserInquiries } from './manage/inspect-users.js';
import { inspectUsers } from './manage/inspect-users.js';
import type { Subscriptions } from './manage/subscriptions.js';
import { subscriptionsOf } from './manage/subscriptions-of.js';
import type { Users } from './manage/users.js';
import { usersOf } from './manage/users-of.js';
import { warnWithoutUsers } from './manage/warn-without-users.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Observable } from './observe/observable.js';
import { makeObservable } from './observe/observable.js';
import { Reporter } from './observe/reporter.js';
import type { NamedSource } from './open-store.js';
import { openStore } from './open-store.js';
import type { KapacitorUser } from './privileges/user.js';
import { ADMIN_USER } from './privileges/user.js';
import type { UserChangeListener } from './stores/user-store.js';

declare global {
  namespace Express {
    interface User extends KapacitorUser {}
    interface Request {
      /** The user if `property` is `'kapacitorUser'`. */
      kapacitorUser?: KapacitorUser | undefined;
    }
  }
}

/** The middleware and everything that belongs to it. */
export interface KapacitorAuth
  extends RequestHandler, UserInquiries, LoginForm, Revocation, Observable {
  /**
   * Opens the user store unless it is open; requests do so by themselves.
   *
   * @throws StoreUnavailableError if it can't be opened; a later call tries again
   */
  ready(): Promise<void>;
  /**
   * Checks for health checks that users can be looked up now: that a database is still in its
   * place, that a meta node answers.
   *
   * @throws StoreUnavailableError if they can't
   */
  check(): Promise<void>;
  /** Releases files, connections and timers, so that the process can exit. */
  close(): Promise<void>;
  /**
   * The user who sent a request, without Express: at once if the credentials were verified before,
   * else a promise.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError;
   *   MisuseError without a request
   */
  authenticate(request: AuthenticationRequest): MaybePromise<KapacitorUser>;
  /**
   * The users, if this process can manage them: undefined with a meta node or a read-only source.
   */
  readonly users: Users | undefined;
  /**
   * The subscription tokens, if this process can manage them: undefined with a meta node or a
   * source that keeps none.
   */
  readonly subscriptions: Subscriptions | undefined;
  /** The configuration in force; it is shown without its secrets. */
  readonly config: Config;
  /** A passport with the strategy registered as `kapacitor`, for apps that combine strategies. */
  readonly passport: PassportAuthenticator;
}

/**
 * Kapacitor's authentication as an Express middleware. Lets in requests of known users, with
 * `req.user` resolved, and answers all others with 401.
 *
 * @param options - options by Kapacitor's names. An option that is left out comes from the
 *   environment (`KAPACITOR_AUTH_BCRYPT_COST`), then from kapacitor.conf, then from the defaults.
 * @throws ConfigError with all problems at once; MisuseError if Express calls it:
 *   `app.use(kapacitorAuth())` needs the parentheses
 *
 * @example
 * ```ts
 * app.use(kapacitorAuth());
 * app.get('/reports', requirePermission('api'), handler);
 * ```
 */
export function kapacitorAuth(options: KapacitorAuthOptions = {}): KapacitorAuth {
  checkCalled('kapacitorAuth()', [options]);
  const config = loadConfig(options);
  const reporter = new Reporter(config.logger);
  const policy = policyFor(config, options, reporter);
  const parts = assemble(config, reporter, policy);
  const { store, users, passwords, queue, throttle, authenticator, streams } = parts;
  bindPolicy(config, policy);
  const challengeLine = challengesOf(config).join(', ');
  const probed = once(() => throttle.probe());
  const reporting = reportingAuthenticator(authenticator, policy);
  const strategy = new KapacitorStrategy(reporting, challengeLine);
  const passing = policy.reportOnly && new KapacitorStrategy(authenticator, challengeLine);
  const handler = config.http.authEnabled
    ? authenticating(authenticator, passing ?? strategy, policy)
    : admitting(policy);
  const auth = Object.assign(handler, {
    ready: async (): Promise<void> => {
      await store.ready();
      await probed();
    },
    check: () => store.check(),
    close: async (): Promise<void> => {
      streams.close();
      users.close();
      await store.close();
    },
    authenticate: (request: AuthenticationRequest) => {
      checkAuthenticated(request);
      return config.http.authEnabled ? reporting.authenticate(request) : ADMIN_USER;
    },
    ...inspectUsers(users, config.http.authEnabled),
    ...revocation(streams, policy),
    ...loginForm(config.http.authEnabled ? authenticator : { verify: admit }, policy),
    users: usersOf(store, passwords, reporter),
    subscriptions: subscriptionsOf(store, reporter),
    config,
    passport: new Passport().use(strategy),
  });
  makeObservable(auth, reporter, queue);
  const { sharedSecret, authEnabled } = config.http;
  const endSessions = async (name: string): Promise<unknown> => auth.users?.endSessions(name);
  if (authEnabled) bindPassing(auth, authenticator, reporter);
  if (authEnabled) bindProof(auth, authenticator);
  if (authEnabled) bindSessions(auth, openSessions({ ...parts, sharedSecret, endSessions }));
  return Object.freeze(auth);
}

/** `http.auth-enabled = false`. */
const admit = (): Promise<KapacitorUser> => Promise.resolve(ADMIN_USER);

function challengesOf({ realm, http }: Config): readonly string[] {
  return challenges({ realm, bearer: http.sharedSecret !== '' });
}

function policyFor(
  config: Config,
  options: KapacitorAuthOptions,
  reporter: Reporter,
): AnswerPolicy {
  const { challenge = true, optional = false, property = 'user', onError } = options;
  const isReporting = config.auth.enforce === 'report' && !isForGateway(options);
  return {
    headers: { 'WWW-Authenticate': challengesOf(config) },
    challenge,
    admitsAll: !config.http.authEnabled,
    optional,
    reportOnly: isReporting ? reportOnly(reporter, property) : undefined,
    onError,
    property,
    report: (error, request) => {
      reporter.refused(error, request, { user: request[property] });
    },
  };
}

/** Milliseconds that a source may take beyond its question to a directory. */
const LOOK_UP_AFTERWARDS = 5000;

/** The parts that know users and verify passwords. */
interface KnowsUsers {
  readonly store: GuardedStore;
  readonly users: UserCache;
  readonly passwords: Passwords;
  readonly queue: BcryptQueue;
  readonly counters: NamedSource['counters'];
}

/** The parts that judge logins. */
interface JudgesLogins {
  readonly throttle: Throttle<Verdict>;
  readonly authenticator: Authenticator;
  readonly streams: OpenStreams;
}

/** Puts the parts together, once. */
function assemble(
  config: Config,
  reporter: Reporter,
  policy: AnswerPolicy,
): KnowsUsers & JudgesLogins {
  const { sharedSecret } = config.http;
  const { cacheExpiration: expiration, staleIfError } = config.auth;
  const { logger } = config;
  const onResolved = (user: KapacitorUser): void => {
    bindPolicy(user, policy);
  };
  const onChange: UserChangeListener = (name) => {
    streams.changed(name);
  };
  const parts = assembleUsers(config, reporter, { onResolved, onChange });
  const { store, users } = parts;
  const throttle = new Throttle<Verdict>({
    ...config.throttle,
    store: parts.counters,
    ready: config.throttleStore === undefined ? () => store.ready() : undefined,
    logger,
  });
  const authenticator = new Authenticator({
    users,
    logins: new Logins({
      ...parts,
      verifications: verificationQueue(),
      renewal: new HashRenewal(store.store, parts.passwords),
      throttle,
      askTimes: new AskTimes(),
      logger,
    }),
    subscribers: new SubscriptionLogin(store, { expiration, onResolved }),
    known: new KnownRequests(expiration),
    reporter,
    sharedSecret,
    headers: policy.headers,
  });
  const running = { users, store, authenticator, reporter, sharedSecret, staleIfError };
  const streams = new OpenStreams(running);
  return { ...parts, throttle, authenticator, streams };
}

interface UserListeners {
  readonly onResolved: (user: KapacitorUser) => void;
  readonly onChange: UserChangeListener;
}

function assembleUsers(
  config: Config,
  { tally }: Reporter,
  { onResolved, onChange }: UserListeners,
): KnowsUsers {
  const { cacheExpiration: expiration, bcryptCost: cost, staleIfError } = config.auth;
  const queue = new BcryptQueue();
  const { source, counters } = openStore(config);
  const store = new GuardedStore({
    store: source,
    bcryptCost: cost,
    // Longer than the source's timeout, so that the source can report the reason itself.
    verifyDeadline: config.auth.metaVerifyTimeout + LOOK_UP_AFTERWARDS,
    logger: config.logger,
    onOpen: () => {
      warnWithoutUsers(store, config.logger).catch(() => undefined);
    },
    onChange: (name) => {
      users.invalidate(name);
      onChange(name);
    },
    tally,
  });
  const users = new UserCache(store, { expiration, staleIfError, tally, onResolved });
  const passwords = new Passwords({
    queue,
    verified: new VerifiedPasswords(expiration, staleIfError),
    cost,
    usersCost: () => store.store.hashCost ?? 0,
    freshness: store.freshness,
    tally,
  });
  return { store, users, passwords, queue, counters };
}
