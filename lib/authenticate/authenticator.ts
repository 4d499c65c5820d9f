import type { NameAndPassword } from '../credentials/basic.js';
import { parseCredentials } from '../credentials/parse.js';
import type { Credentials, CredentialsHeaders, CredentialsRequest } from '../credentials/parse.js';
import { AuthenticationError } from '../errors.js';
import type { ErrorHeaders } from '../errors.js';
import { noteAttackedUser } from '../observe/attacked-users.js';
import type { Reporter } from '../observe/reporter.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { MaybePromise } from '../stores/user-store.js';
import type { AddressedRequest, ForwardedHeaders } from './client-address.js';
import type { KnownRequests } from './known-requests.js';
import type { Logins } from './logins.js';
import type { Subscriber, Subscribers } from './subscribers.js';
import { verifyToken } from './token.js';
import type { CachedUser, UserCache } from './user-cache.js';

/** What a request is authenticated from; `node:http`'s and Express' requests fit. */
export interface AuthenticationRequest extends CredentialsRequest, AddressedRequest {
  /** The headers, by names in small letters. */
  readonly headers: CredentialsHeaders & ForwardedHeaders;
}

/** The parts that answer who a client is. */
export interface AuthenticatorParts {
  readonly users: UserCache;
  readonly logins: Logins;
  readonly subscribers: Subscribers;
  readonly known: KnownRequests;
  readonly reporter: Reporter;
  /** `http.shared-secret`; empty refuses tokens. */
  readonly sharedSecret: string;
  /** The headers of every 401. */
  readonly headers: ErrorHeaders;
}

/** Who somebody turned out to be, and until when a token says so. */
interface Identity {
  readonly cached: CachedUser | Subscriber;
  readonly tokenExpires: number;
}

/** Answers who sent a request. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** The user who sent a request, where its credentials were verified before and are remembered. */
  recall(request: AuthenticationRequest): KapacitorUser | undefined {
    const { known, users, reporter } = this.#parts;
    const user = known.recall(request, users.version);
    if (user === undefined) return undefined;
    reporter.tally.credentials.hits += 1;
    if (reporter.events.hearsAuthenticated) reporter.authenticated(user, request);
    return user;
  }

  /**
   * The user who sent a request: at once where the credentials were verified before, else a promise.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  authenticate(request: AuthenticationRequest): MaybePromise<KapacitorUser> {
    return this.recall(request) ?? this.identify(request);
  }

  /**
   * The user who sent a request whose credentials are not remembered.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  async identify(request: AuthenticationRequest): Promise<KapacitorUser> {
    // What is judged is what is remembered, whatever becomes of the request meanwhile.
    const { authorization } = request.headers;
    const sent = { headers: { authorization }, url: request.url };
    const credentials = parseCredentials(sent);
    const { known, users, reporter } = this.#parts;
    if (credentials.kind !== 'missing') reporter.tally.credentials.misses += 1;
    const { version } = users;
    const { cached, tokenExpires } = await this.#judge(credentials, request);
    const { user, expiresAt } = cached;
    known.remember(sent, credentials.kind, { user, version, expiresAt, tokenExpires });
    reporter.tally.identified += 1;
    if (reporter.events.hearsAuthenticated) reporter.authenticated(user, request);
    return user;
  }

  async #judge(credentials: Credentials, request: AuthenticationRequest): Promise<Identity> {
    switch (credentials.kind) {
      case 'basic':
      case 'query':
        return { cached: await this.#login(credentials, request), tokenExpires: Infinity };
      case 'bearer':
        return this.#readToken(credentials.token);
      case 'subscription':
        return { cached: await this.#findSubscriber(credentials.token), tokenExpires: Infinity };
      case 'malformed':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MALFORMED', UNPARSABLE);
      case 'missing':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MISSING', UNPARSABLE);
    }
  }

  async #login(credentials: NameAndPassword, request: AuthenticationRequest): Promise<CachedUser> {
    if (credentials.name === '') {
      return this.#refuse('ERR_KAUTH_USERNAME_REQUIRED', 'username required');
    }
    const { user, isRight } = await this.#parts.logins.judge(credentials, request);
    if (user === undefined) return this.#fail();
    return isRight ? user : this.#fail(user.user.name);
  }

  async #readToken(token: string): Promise<Identity> {
    const { users, sharedSecret, headers } = this.#parts;
    const { username, expires } = verifyToken(token, sharedSecret, headers);
    const cached = await users.find(username);
    return { cached: cached ?? this.#fail(), tokenExpires: expires };
  }

  async #findSubscriber(token: string): Promise<Subscriber> {
    const found = await this.#parts.subscribers.find(token);
    return found ?? this.#refuse('ERR_KAUTH_SUBSCRIPTION_TOKEN', 'invalid subscription token');
  }

  /** @param attacked - the user whose password was not given, where there is that user */
  #fail(attacked?: string): never {
    return this.#refuse('ERR_KAUTH_FAILED', 'authorization failed', attacked);
  }

  #refuse(code: RefusalCode, message: string, attacked?: string): never {
    const error = new AuthenticationError(code, message, { headers: this.#parts.headers });
    if (attacked !== undefined) noteAttackedUser(error, attacked);
    throw error;
  }
}

type RefusalCode = ConstructorParameters<typeof AuthenticationError>[0];

const UNPARSABLE = 'unable to parse authentication credentials';
