import { randomBytes } from 'node:crypto';
import { MisuseError } from '../../errors.js';
import type { StoredUser } from '../../stores/user-store.js';
import type { Authenticator, LoginRequest, RightLogin } from '../authenticator.js';
import { renewedHash } from '../passwords/renewed-hash.js';
import type { CachedUser, UserCache } from '../user-cache.js';
import type { LogOuts } from './log-outs.js';
import type { SessionKeys } from './session-keys.js';
import { sessionKeys } from './session-keys.js';
import { CLOCK_SKEW, endOfSession, isAhead, RENEW_AFTER } from './session-times.js';
import type { BoundUser, ReadValue, SessionFacts } from './session-value.js';
import { fitsValue, readValue, writeValue } from './session-value.js';
import type { Session, Sessions } from './sessions.js';

/** The lane in which sessions wait for the store. */
const LANE = 'sessions';

export interface SealedSessionsParts {
  readonly authenticator: Authenticator;
  readonly users: UserCache;
  readonly logOuts: LogOuts;
  /** True if a user found earlier may be out of date without notice. */
  readonly mayBeStale: () => boolean;
  /** `http.shared-secret`; empty for a key of this process. */
  readonly sharedSecret: string;
}

/** Keeps sessions in their sealed values alone: nothing is stored but log-outs. */
export class SealedSessions implements Sessions {
  readonly #parts: SealedSessionsParts;
  #keys: SessionKeys;
  #isShared: boolean;

  constructor(parts: SealedSessionsParts) {
    const { sharedSecret } = parts;
    this.#parts = parts;
    this.#isShared = sharedSecret !== '';
    this.#keys = sessionKeys(this.#isShared ? sharedSecret : randomBytes(32));
  }

  useKey(key: string): void {
    if (Buffer.byteLength(key) < 32) throw new MisuseError('a key of sessions needs 32 bytes');
    if (this.#parts.sharedSecret !== '') return;
    this.#keys = sessionKeys(key);
    this.#isShared = true;
  }

  async begin(
    name: string,
    password: string,
    request: LoginRequest,
  ): Promise<{ session: Session; value: string }> {
    const { authenticator, logOuts } = this.#parts;
    const login = await authenticator.logIn({ name, password }, request);
    const bound = await this.#userToBind(login);
    const { user } = bound;
    const startedAt = Math.max(Date.now(), logOuts.earliestStart);
    const id = randomBytes(12).toString('base64url');
    const facts: SessionFacts = { name: user.name, id, startedAt, usedAt: startedAt };
    const expiresAt = endOfSession(facts, bound.hash !== '');
    const session: Session = { user, id, startedAt, expiresAt, isOf: isSameAs(boundUser(bound)) };
    return { session, value: writeValue(facts, boundUser(bound), this.#keys) };
  }

  async find(value: string): Promise<Session | undefined> {
    const read = readValue(value, this.#keys);
    if (read === undefined) return undefined;
    const now = Date.now();
    const { logOuts } = this.#parts;
    if (isAhead(read, now) || now >= endOfSession(read, true)) return undefined;
    if (logOuts.hasHere(read)) return undefined;
    const found = await this.#boundUser(read, now);
    if (found === undefined || (await logOuts.has(read.id))) return undefined;
    return this.#session(read, found, now);
  }

  async end(value: string): Promise<void> {
    const read = readValue(value, this.#keys);
    if (read === undefined) return;
    const now = Date.now();
    const { id, name, startedAt } = read;
    const until = endOfSession({ startedAt, usedAt: Infinity }, true) + CLOCK_SKEW;
    if (now >= until) return;
    const isBound = async (): Promise<boolean> => (await this.#boundUser(read, now)) !== undefined;
    const ended = { id, name, startedAt, until };
    await this.#parts.logOuts.add(ended, { isShared: this.#isShared, now, isBound });
  }

  /**
   * The user with the hash that the password was verified by, or with the one that this very login
   * put in its place: a password that is changed meanwhile ends the session.
   */
  async #userToBind({ user, renewal }: RightLogin): Promise<CachedUser> {
    const { users, mayBeStale } = this.#parts;
    const { name } = user.user;
    if (!fitsValue(name)) throw new MisuseError('a user of this name can have no session');
    const hash = (await renewedHash(renewal)) ?? user.hash;
    const verified = { ...user, hash };
    if (!mayBeStale()) return verified;
    // All else of the user may have changed without notice.
    const { user: fresh } = await users.findFresh(name, { lane: LANE });
    return fresh?.hash === hash ? fresh : verified;
  }

  /** The user of a value, if still the one that the session was bound to. */
  async #boundUser(read: ReadValue, now: number): Promise<CachedUser | undefined> {
    const { users } = this.#parts;
    const found = await users.find(read.name, { lane: LANE });
    if (found === undefined || isOf(read, found)) return found;
    // This process may know an earlier user than the one who logged in elsewhere.
    const age = performance.now() - found.askedAt;
    if (now - age > read.usedAt + CLOCK_SKEW) return undefined;
    const { user: fresh } = await users.findFresh(read.name, { lane: LANE });
    return fresh !== undefined && isOf(read, fresh) ? fresh : undefined;
  }

  #session(read: ReadValue, found: CachedUser, now: number): Session | undefined {
    const isBound = found.hash !== '';
    if (found.disabled || now >= endOfSession(read, isBound)) return undefined;
    const isDue = now - read.usedAt >= RENEW_AFTER;
    const facts = isDue ? { ...read, usedAt: now } : read;
    const { id, startedAt } = read;
    return {
      user: found.user,
      ...{ id, startedAt },
      expiresAt: endOfSession(facts, isBound),
      renewed: isDue ? writeValue(facts, boundUser(found), this.#keys) : undefined,
      isOf: (present) => read.isBoundTo(boundStored(present)),
    };
  }
}

function isOf(read: ReadValue, found: CachedUser): boolean {
  return read.isBoundTo(boundUser(found));
}

function boundUser({ hash, user, sessions }: CachedUser): BoundUser {
  return { hash, type: user.type, sessions };
}

function boundStored({ hash, type, sessions = '' }: StoredUser): BoundUser {
  return { hash, type, sessions };
}

function isSameAs({ hash, type, sessions }: BoundUser): Session['isOf'] {
  return (present) => {
    const now = boundStored(present);
    return now.hash === hash && now.type === type && now.sessions === sessions;
  };
}
