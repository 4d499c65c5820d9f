import { parseCredentials } from '../credentials/parse.js';
import type { Credentials, CredentialsRequest } from '../credentials/parse.js';
import { AuthenticationError } from '../errors.js';
import type { ErrorHeaders } from '../errors.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { MaybePromise } from '../stores/user-store.js';
import type { HashRenewal } from './hash-renewal.js';
import type { KnownCredentials } from './known-credentials.js';
import type { OpenedSource } from './opened-source.js';
import type { Passwords } from './passwords.js';
import { verifyToken } from './token.js';
import type { CachedUser, UserCache } from './user-cache.js';

/** The part of a socket that a client is known by. */
export interface PeerSocket {
  /** The client's IP address. */
  readonly remoteAddress?: string | undefined;
}

/** What a request is authenticated from; `node:http`'s and Express' requests fit. */
export interface AuthenticationRequest extends CredentialsRequest {
  /** The client's address as Express sees it (`trust proxy`). */
  readonly ip?: string | undefined;
  /** Where the client's address is read where Express doesn't tell it. */
  readonly socket?: PeerSocket | undefined;
}

/** The parts that answer who a client is. */
export interface AuthenticatorParts {
  readonly source: OpenedSource;
  readonly users: UserCache;
  readonly passwords: Passwords;
  readonly known: KnownCredentials;
  readonly renewal: HashRenewal;
  /** `http.shared-secret`; empty refuses tokens. */
  readonly sharedSecret: string;
  /** The headers of every 401. */
  readonly headers: ErrorHeaders;
}

/** Who somebody turned out to be, and until when a token says so. */
interface Identity {
  readonly cached: CachedUser;
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
   * @throws AuthenticationError; StoreUnavailableError; OverloadedError
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
    const { cached, tokenExpires } = await this.#judge(credentials, laneOf(request));
    const { user, expiresAt } = cached;
    const { authorization } = request.headers;
    // A header of another scheme says nothing: the query was believed, not the header.
    if (authorization !== undefined && credentials.kind !== 'query') {
      known.remember(authorization, { user, version, expiresAt, tokenExpires });
    }
    return user;
  }

  async #judge(credentials: Credentials, lane: string): Promise<Identity> {
    switch (credentials.kind) {
      case 'basic':
      case 'query':
        return { cached: await this.#login(credentials, lane), tokenExpires: Infinity };
      case 'bearer':
        return this.#readToken(credentials.token);
      case 'subscription':
        return this.#refuse('ERR_KAUTH_SUBSCRIPTION_TOKEN', 'invalid subscription token');
      case 'malformed':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MALFORMED', UNPARSABLE);
      case 'missing':
        return this.#refuse('ERR_KAUTH_CREDENTIALS_MISSING', UNPARSABLE);
    }
  }

  async #login(
    { name, password }: { readonly name: string; readonly password: string },
    lane: string,
  ): Promise<CachedUser> {
    if (name === '') return this.#refuse('ERR_KAUTH_USERNAME_REQUIRED', 'username required');
    const { users, renewal, source } = this.#parts;
    const attempt = { password, lane };
    let cached = await users.find(name);
    let isRight = await this.#verify(cached, name, attempt);
    if (!isRight && source.source.mayBeStale === true && cached !== undefined) {
      const { hash } = cached;
      cached = await users.findFresh(name);
      isRight = cached?.hash !== hash && (await this.#verify(cached, name, attempt));
    }
    if (cached === undefined || !isRight) return this.#fail();
    renewal.consider(cached, password);
    return cached;
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

  #fail(): never {
    return this.#refuse('ERR_KAUTH_FAILED', 'authorization failed');
  }

  #refuse(code: RefusalCode, message: string): never {
    throw new AuthenticationError(code, message, { headers: this.#parts.headers });
  }
}

type RefusalCode = ConstructorParameters<typeof AuthenticationError>[0];

const UNPARSABLE = 'unable to parse authentication credentials';

/** Clients of one address wait in one lane for bcrypt. */
function laneOf({ ip, socket }: AuthenticationRequest): string {
  return ip ?? socket?.remoteAddress ?? '';
}
