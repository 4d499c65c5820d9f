import type { RequestHandler } from 'express';
import { Authenticator as Passport } from 'passport';
import { addMembers } from './add-members.js';
import { assemble } from './assemble.js';
import type { AuthenticationRequest } from './authenticate/authenticator.js';
import { bindProof } from './authenticate/password-proof.js';
import { openSessions } from './authenticate/sessions/open-sessions.js';
import { bindSessions } from './authenticate/sessions/sessions-of.js';
import { KapacitorStrategy } from './authenticate/strategy.js';
import type { Config } from './config/config.js';
import type { KapacitorAuthOptions } from './config/kapacitor-auth-options.js';
import { loadConfig } from './config/load.js';
import { bindPolicy } from './express/answer-policy.js';
import { checkCalled } from './express/calling.js';
import type { LoginForm } from './express/login-form.js';
import { loginForm } from './express/login-form.js';
import { admitting, authenticating } from './express/middleware.js';
import type { JudgePassing } from './express/passing-requests.js';
import { judgePassing } from './express/passing-requests.js';
import type { PassportAuthenticator } from './express/passport.js';
import { challengesOf, policyFor } from './express/policy-for.js';
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
import type { MaybePromise } from './maybe-promise.js';
import type { Observable } from './observe/observable.js';
import { makeObservable } from './observe/observable.js';
import { Reporter } from './observe/reporter.js';
import type { KapacitorUser } from './privileges/user.js';
import { ADMIN_USER } from './privileges/user.js';

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
  return build(options, { isGateway: false }).auth;
}

/** The middleware of a gateway, and what judges the requests that it forwards unjudged. */
export interface GatewayAuth {
  readonly auth: KapacitorAuth;
  /** Undefined unless `auth.enforce` is `report`. */
  readonly judge: JudgePassing | undefined;
}

/**
 * As {@link kapacitorAuth}, for a gateway. Its own answers refuse even if `auth.enforce` is
 * `report`, since nothing else guards its users and pages; requests that it forwards then pass.
 *
 * @throws ConfigError
 */
export function gatewayAuth(options: KapacitorAuthOptions): GatewayAuth {
  return build(options, { isGateway: true });
}

function build(
  options: KapacitorAuthOptions,
  { isGateway }: { readonly isGateway: boolean },
): GatewayAuth {
  const config = loadConfig(options);
  const reporter = new Reporter(config.logger);
  const isReporting = config.auth.enforce === 'report';
  const policy = policyFor({ config, options, reporter, reports: isReporting && !isGateway });
  const parts = assemble(config, reporter, policy);
  const { store, users, passwords, queue, throttle, authenticator, streams } = parts;
  const { sharedSecret, authEnabled } = config.http;
  bindPolicy(config, policy);
  const challengeLine = challengesOf(config).join(', ');
  const probed = once(() => throttle.probe());
  const reporting = reportingAuthenticator(authenticator, policy);
  const strategy = new KapacitorStrategy(reporting, challengeLine);
  const passing = policy.reportOnly && new KapacitorStrategy(authenticator, challengeLine);
  const auth: RequestHandler = authEnabled
    ? authenticating(authenticator, passing ?? strategy, policy)
    : admitting(policy);
  addMembers(auth, {
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
      return authEnabled ? reporting.authenticate(request) : ADMIN_USER;
    },
    ...inspectUsers(users, authEnabled),
    ...revocation(streams, policy),
    ...loginForm(authEnabled ? authenticator : { verify: admit }, policy),
    users: usersOf(store, passwords, reporter),
    subscriptions: subscriptionsOf(store, reporter),
    config,
    passport: new Passport().use(strategy),
  });
  makeObservable(auth, reporter, queue);
  const endSessions = async (name: string): Promise<unknown> => auth.users?.endSessions(name);
  if (authEnabled) bindProof(auth, authenticator);
  if (authEnabled) bindSessions(auth, openSessions({ ...parts, sharedSecret, endSessions }));
  const judge = isReporting && isGateway ? judgePassing(authenticator, reporter) : undefined;
  return { auth: Object.freeze(auth), judge };
}

/** `http.auth-enabled = false`. */
const admit = (): Promise<KapacitorUser> => Promise.resolve(ADMIN_USER);
