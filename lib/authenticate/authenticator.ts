import { parseCredentials } from '../credentials/parse.js';
import type { Credentials, CredentialsHeaders, CredentialsRequest } from '../credentials/parse.js';
import { AuthenticationError } from '../errors.js';
import type { ErrorHeaders } from '../errors.js';
import type { Logger } from '../logger.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { MaybePromise } from '../stores/user-store.js';
import { clientAddress } from './client-address.js';
import type { AddressedRequest, ForwardedHeaders } from './client-address.js';
import type { HashRenewal } from './hash-renewal.js';
import type { KnownCredentials } from './known-credentials.js';
import type { OpenedSource } from './opened-source.js';
import type { Passwords } from './passwords.js';
import type { Throttle } from './throttle.js';
import type { Subscriber, Subscribers } from './subscribers.js';
import { verifyToken } from './token.js';
import { warnOfUntrustedProxy } from './untrusted-proxy.js';
import type { CachedUser, UserCache } from './user-cache.js';

/** What a request is authenticated from; `node:http`'s and Express' requests fit. */
export interface AuthenticationRequest extends CredentialsRequest, AddressedRequest {
  /** The headers, by names in small letters. */
  readonly headers: CredentialsHeaders & ForwardedHeaders;
}

/** The parts that answer who a client is. */
export interface AuthenticatorParts {
  readonly source: OpenedSource;
  readonly users: UserCache;
  readonly passwords: Passwords;
  readonly known: KnownCredentials;
  readonly renewal: HashRenewal;
  readonly throttle: Throttle;
  readonly logger: Logger;
  readonly subscribers: Subscribers;
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

  /**
   * The user who sent a request: at once where the credentials were verified before, else a promise.
   *
   * @throws AuthenticationError; ThrottledError; StoreUnavailableError; OverloadedError
   */
  authenticate(request: AuthenticationRequest): MaybePromise<KapacitorUser> {
    const { authorization } = request.headers;
    if (authorization === undefined) return this.#identify(request);
    const { known, users } = this.#parts;
    return known.recall(authorization, users.version) ?? this.#identify(request);
  }

  async #identify(request: AuthenticationRequest): Promise<KapacitorUser> {
    const credentials = parseCredentials(request);
    const { known, users } = this.#parts;
    const { version } = users;
    const { cached, tokenExpires } = await this.#judge(credentials, request);
    const { user, expiresAt } = cached;
    const { authorization } = request.headers;
    // A header of another scheme says nothing: the query was believed, not the header.
    if (authorization !== undefined && credentials.kind !== 'query') {
      known.remember(authorization, { user, version, expiresAt, tokenExpires });
    }
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

  async #login(
    { name, password }: { readonly name: string; readonly password: string },
    request: AuthenticationRequest,
  ): Promise<CachedUser> {
    if (name === '') return this.#refuse('ERR_KAUTH_USERNAME_REQUIRED', 'username required');
    const found = this.#recall(name, password) ?? (await this.#attempt(name, password, request));
    if (found === undefined) return this.#fail();
    this.#parts.renewal.consider(found, password);
    return found;
  }

  /** The user whose password was found to be right before. */
  #recall(name: string, password: string): CachedUser | undefined {
    const { users, passwords } = this.#parts;
    const cached = users.recall(name);
    // Looked for without a user too: whether there is one must not show in the time.
    const isKnown = passwords.isKnown(cached?.hash ?? '', { name, password });
    return isKnown ? cached : undefined;
  }

  #attempt(
    name: string,
    password: string,
    request: AuthenticationRequest,
  ): Promise<CachedUser | undefined> {
    const { throttle, logger } = this.#parts;
    warnOfUntrustedProxy(request, logger);
    const address = clientAddress(request);
    // Clients of one address wait in one lane for bcrypt.
    const attempt = { password, lane: address ?? '' };
    return throttle.attempt({ name, password, address }, () => this.#find(name, attempt));
  }

  async #find(
    name: string,
    attempt: { readonly password: string; readonly lane: string },
  ): Promise<CachedUser | undefined> {
    const { users, source } = this.#parts;
    let cached = await users.find(name);
    let isRight = await this.#verify(cached, name, attempt);
    if (!isRight && source.source.mayBeStale === true && cached !== undefined) {
      const { hash } = cached;
      cached = await users.findFresh(name);
      isRight = cached?.hash !== hash && (await this.#verify(cached, name, attempt));
    }
    return isRight ? cached : undefined;
  }

  #verify(
    cached: CachedUser | undefined,
    name: string,
    attempt: { readonly password: string; readonly lane: string },
  ): MaybePromise<boolean> {
    const { passwords, source } = this.#parts;
    if (cached === undefined) return passwords.refuse(name, attempt);
    if (cached.hash !== '') return passwords.verify(cached.hash, attempt);
    return passwords.ask(name, attempt.password, () => source.verify(name, attempt.password));
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

  #fail(): never {
    return this.#refuse('ERR_KAUTH_FAILED', 'authorization failed');
  }

  #refuse(code: RefusalCode, message: string): never {
    throw new AuthenticationError(code, message, { headers: this.#parts.headers });
  }
}

type RefusalCode = ConstructorParameters<typeof AuthenticationError>[0];

const UNPARSABLE = 'unable to parse authentication credentials';
