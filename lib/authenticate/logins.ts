import type { NameAndPassword } from '../credentials/basic.js';
import type { Logger } from '../logger.js';
import type { MaybePromise } from '../stores/user-store.js';
import { clientAddress } from './client-address.js';
import type { AddressedRequest } from './client-address.js';
import type { HashRenewal } from './hash-renewal.js';
import type { OpenedSource } from './opened-source.js';
import type { PasswordAttempt, Passwords } from './passwords.js';
import type { Throttle } from './throttle.js';
import { warnOfUntrustedProxy } from './untrusted-proxy.js';
import type { CachedUser, UserCache } from './user-cache.js';

/** The parts that judge a name and a password. */
export interface LoginsParts {
  readonly source: OpenedSource;
  readonly users: UserCache;
  readonly passwords: Passwords;
  readonly renewal: HashRenewal;
  readonly throttle: Throttle;
  readonly logger: Logger;
}

/** What came of a login. */
export interface Verdict {
  /** The user of that name, where there is one. */
  readonly user: CachedUser | undefined;
  /** Whether the password is its. */
  readonly isRight: boolean;
}

/** Judges names and passwords, as often as a client may try. */
export class Logins {
  readonly #parts: LoginsParts;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
  }

  /** @throws ThrottledError; StoreUnavailableError; OverloadedError */
  async judge({ name, password }: NameAndPassword, request: AddressedRequest): Promise<Verdict> {
    const verdict = this.#recall(name, password) ?? (await this.#attempt(name, password, request));
    const { user, isRight } = verdict;
    if (user !== undefined && isRight) this.#parts.renewal.consider(user, password);
    return verdict;
  }

  /** The verdict where the password was found to be right before. */
  #recall(name: string, password: string): Verdict | undefined {
    const { users, passwords } = this.#parts;
    const user = users.recall(name);
    // Looked for without a user too: whether there is one must not show in the time.
    const isRight = passwords.isKnown(user?.hash ?? '', { name, password });
    return isRight && user !== undefined ? { user, isRight } : undefined;
  }

  #attempt(name: string, password: string, request: AddressedRequest): Promise<Verdict> {
    const { throttle, logger } = this.#parts;
    warnOfUntrustedProxy(request, logger);
    const address = clientAddress(request);
    // Clients of one address wait in one lane for bcrypt.
    const attempt = { password, lane: address ?? '' };
    return throttle.attempt({ name, password, address }, () => this.#find(name, attempt));
  }

  async #find(name: string, attempt: PasswordAttempt): Promise<Verdict> {
    const { users, source } = this.#parts;
    const user = await users.find(name);
    const isRight = await this.#verify(user, name, attempt);
    const mayBeStale = source.source.mayBeStale === true && user !== undefined;
    if (isRight || !mayBeStale) return { user, isRight };
    const fresh = await users.findFresh(name);
    const isNew = fresh?.hash !== user.hash;
    return { user: fresh, isRight: isNew && (await this.#verify(fresh, name, attempt)) };
  }

  #verify(
    user: CachedUser | undefined,
    name: string,
    attempt: PasswordAttempt,
  ): MaybePromise<boolean> {
    const { passwords, source } = this.#parts;
    if (user === undefined) return passwords.refuse(name, attempt);
    if (user.hash !== '') return passwords.verify(user.hash, attempt);
    return passwords.ask(name, attempt.password, () => source.verify(name, attempt.password));
  }
}
