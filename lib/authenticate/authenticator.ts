import type { NameAndPassword } from '../credentials/basic.js';
import type { AddressedRequest, ForwardedHeaders } from '../credentials/client-address.js';
import { laneOf, throttleKey } from '../credentials/client-address.js';
import type { Credentials, CredentialsHeaders, CredentialsRequest } from '../credentials/parse.js';
import { parseCredentials } from '../credentials/parse.js';
import type { ErrorHeaders } from '../errors.js';
import { AuthenticationError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import { noteAttackedUser } from '../observe/attacked-users.js';
import type { Reporter } from '../observe/reporter.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { KnownUser } from './known-requests.js';
import type { KnownRequests } from './known-requests.js';
import type { Logins, LoginVerdict } from './logins.js';
import type { SubscriptionLogin } from './subscription-login.js';
import { verifyToken } from './token.js';
import type { CachedUser, UserCache } from './user-cache.js';

/** The parts of a request that authenticate it; `node:http`'s and Express' requests fit. */
export interface AuthenticationRequest extends CredentialsRequest, AddressedRequest {
  /** The headers, by names in lower case. */
  readonly headers: CredentialsHeaders & ForwardedHeaders;
}

/** A request that brought a name and a password; `node:http`'s and Express' requests fit. */
export interface LoginRequest extends AuthenticationRequest, ReportedRequest {}

/** The outcome of a login whose password is right. */
export interface RightLogin extends LoginVerdict {
  readonly user: CachedUser;
}

export interface AuthenticatorParts {
  readonly users: UserCache;
  readonly logins: Logins;
  readonly subscribers: SubscriptionLogin;
  readonly known: KnownRequests;
  readonly reporter: Reporter;
  /** `http.shared-secret`; empty refuses tokens. */
  readonly sharedSecret: string;
  /** The headers of every 401. */
  readonly headers: ErrorHeaders;
}

/** Identifies the user of a request. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /**
   * The user who sent a request, if its credentials were verified before and are remembered.
   *
   * @param present - the user that the request has already, if the middleware is mounted twice: it
   *   is not counted again; none if left out
   */
  recall(request: AuthenticationRequest, present?: unknown): KapacitorUser | undefined {
    const { known, users, logins, reporter } = this.#parts;
    const found = known.recall(request, users.version, users.freshUntil);
    if (found === undefined) return undefined;
    const { user, login } = found;
    if (logins.isAlert && login !== undefined && logins.mayRefuse(login, request)) return undefined;
    if (present === user) return user;
    reporter.tally.credentials.hits += 1;
    if (reporter.events.hearsAuthenticated) reporter.authenticated(user, request);
    return user;
  }

  /**
   * The user who sent a request: at once if the credentials were verified before, else a promise.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  authenticate(
    request: AuthenticationRequest & Pick<ReportedRequest, 'user'>,
  ): MaybePromise<KapacitorUser> {
    return this.recall(request, request.user) ?? this.#identify(request);
  }

  /**
   * The user who sent a request whose credentials are not remembered.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  async #identify(request: AuthenticationRequest): Promise<KapacitorUser> {
    // A copy: the credentials that are judged must be those that are remembered, even if the
    // request changes meanwhile.
    const { authorization } = request.headers;
    const sent = { headers: { authorization }, url: request.url };
    const credentials = parseCredentials(sent);
    const { known, reporter, users } = this.#parts;
    users.noteDoubt();
    if (credentials.kind !== 'missing') reporter.tally.credentials.misses += 1;
    const identity = await this.#judge(credentials, {
      lane: laneOf(throttleKey(request)),
      login: (sentLogin) => this.#parts.logins.judge(sentLogin, request),
    });
    const { user } = identity;
    known.remember(sent, credentials.kind, identity);
    reporter.tally.identified += 1;
    if (reporter.events.hearsAuthenticated) reporter.authenticated(user, request);
    return user;
  }

  /**
   * The user of a name and a password that are not the credentials of a request, as from a login
   * form.
   *
   * @param request - the request that brought them; its client is throttled
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  async verify(credentials: NameAndPassword, request: LoginRequest): Promise<KapacitorUser> {
    const { user } = await this.logIn(credentials, request);
    return user.user;
  }

  /**
   * As {@link Authenticator.verify}, with all that the judgement was made by.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  async logIn(credentials: NameAndPassword, request: LoginRequest): Promise<RightLogin> {
    const { logins, reporter, users } = this.#parts;
    users.noteDoubt();
    const verdict = await this.#rightLogin(credentials, (sent) => logins.judge(sent, request));
    const { user } = verdict.user;
    reporter.tally.identified += 1;
    if (reporter.events.hearsAuthenticated) reporter.authenticated(user, request);
    return verdict;
  }

  /** The meaning of credentials that are remembered; it asks and counts nothing. */
  known(sent: CredentialsRequest): KnownUser | undefined {
    const { known, users } = this.#parts;
    return known.recall(sent, users.version, users.freshUntil);
  }

  /**
   * The meaning, as of now, of the credentials of a request that runs on. It is no login: nothing
   * is counted, throttled or told.
   *
   * @param lane - the lane in which it waits for the store and for bcrypt
   * @throws AuthenticationError; StoreUnavailableError; OverloadedError
   */
  async again(sent: CredentialsRequest, lane: string): Promise<KnownUser> {
    const { logins, users } = this.#parts;
    users.noteDoubt();
    const login: Login = (credentials) => logins.judgeAgain(credentials, lane);
    return this.#judge(parseCredentials(sent), { lane, login });
  }

  /** The error for a user who is unknown. */
  failure(): AuthenticationError {
    const { headers } = this.#parts;
    return new AuthenticationError('ERR_KAUTH_FAILED', FAILED, { headers });
  }

  async #judge(
    credentials: Credentials,
    { lane, login }: { readonly lane: string; readonly login: Login },
  ): Promise<KnownUser> {
    switch (credentials.kind) {
      case 'basic':
      case 'query':
        return this.#login(credentials, login);
      case 'bearer':
        return this.#readToken(credentials.token, lane);
      case 'subscription':
        return this.#findSubscriber(credentials.token);
      case 'malformed':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MALFORMED', UNPARSABLE);
      case 'missing':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MISSING', UNPARSABLE);
    }
  }

  async #login(credentials: NameAndPassword, login: Login): Promise<KnownUser> {
    const { user: cached, version, expiresAt } = await this.#rightLogin(credentials, login);
    const { user, hash } = cached;
    return { user, login: user.name, hash, version, expiresAt, tokenExpires: Infinity };
  }

  async #rightLogin(credentials: NameAndPassword, login: Login): Promise<RightLogin> {
    if (credentials.name === '') {
      return this.#refuse('ERR_KAUTH_USERNAME_REQUIRED', 'username required');
    }
    const verdict = await login(credentials);
    const { user, isRight } = verdict;
    if (user === undefined) return this.#fail();
    if (!isRight) return this.#fail(user.user.name);
    return { ...verdict, user };
  }

  async #readToken(token: string, lane: string): Promise<KnownUser> {
    const { users, sharedSecret, headers } = this.#parts;
    const { username, expires } = verifyToken(token, sharedSecret, headers);
    const { version } = users;
    const { user, disabled, expiresAt } = (await users.find(username, { lane })) ?? this.#fail();
    if (disabled) this.#fail();
    return { user, login: undefined, version, expiresAt, tokenExpires: expires };
  }

  async #findSubscriber(token: string): Promise<KnownUser> {
    const { users, subscribers } = this.#parts;
    const { version } = users;
    const found = await subscribers.find(token);
    const { user, expiresAt } =
      found ?? this.#refuse('ERR_KAUTH_SUBSCRIPTION_TOKEN', 'invalid subscription token');
    return { user, login: undefined, version, expiresAt, tokenExpires: Infinity };
  }

  /** @param attacked - the user whose password was wrong, if that user exists */
  #fail(attacked?: string): never {
    return this.#refuse('ERR_KAUTH_FAILED', FAILED, attacked);
  }

  #refuse(code: RefusalCode, message: string, attacked?: string): never {
    const error = new AuthenticationError(code, message, { headers: this.#parts.headers });
    if (attacked !== undefined) noteAttackedUser(error, attacked);
    throw error;
  }
}

type RefusalCode = ConstructorParameters<typeof AuthenticationError>[0];

/** Judges a name and a password. */
type Login = (credentials: NameAndPassword) => Promise<LoginVerdict>;

const FAILED = 'authorization failed';

const UNPARSABLE = 'unable to parse authentication credentials';
