import type { NameAndPassword } from '../credentials/basic.js';
import type { AddressedRequest } from '../credentials/client-address.js';
import { clientAddress, laneOf } from '../credentials/client-address.js';
import { StoreUnavailableError } from '../errors.js';
import type { Logger } from '../logger.js';
import { noteAttackedUser } from '../observe/attacked-users.js';
import type { GuardedStore } from './guarded-store.js';
import type { HashRenewal } from './passwords/hash-renewal.js';
import type { PasswordAttempt, Passwords } from './passwords/passwords.js';
import type { Throttle } from './throttle/throttle.js';
import { warnOfUntrustedProxy } from './throttle/untrusted-proxy.js';
import type { Asker, CachedUser, FreshUser, UserCache } from './user-cache.js';
import type { AskTimes } from './waiting/ask-times.js';
import type { LaneQueue } from './waiting/lane-queue.js';

/** The parts that judge a name and a password. */
export interface LoginsParts {
  readonly store: GuardedStore;
  readonly users: UserCache;
  readonly passwords: Passwords;
  /** Where passwords wait for a source that verifies them itself. */
  readonly verifications: LaneQueue;
  readonly renewal: HashRenewal;
  readonly throttle: Throttle<Verdict>;
  readonly askTimes: AskTimes;
  readonly logger: Logger;
}

/** What came of a login. */
export interface Verdict {
  /** The user of that name, if there is one. */
  readonly user: CachedUser | undefined;
  /** Whether the password is the user's. */
  readonly isRight: boolean;
  /** The version of the users that it was judged by; to be remembered with it, however late that is. */
  readonly version: number;
  /** When judging began, and until when it counts, in milliseconds of this process' steady clock. */
  readonly began: number;
  readonly expiresAt: number;
}

/** Judges names and passwords, as often as a client may try. */
export class Logins {
  readonly #parts: LoginsParts;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
  }

  /** Whether {@link Logins.mayRefuse} needs to be asked. */
  get isAlert(): boolean {
    const { throttle, passwords } = this.#parts;
    return throttle.isAlert || passwords.isAlert;
  }

  /**
   * Whether the right password of a name may be refused just now, as a wrong one would be: who could tell them apart would guess
   * without end.
   */
  mayRefuse(name: string, request: AddressedRequest): boolean {
    const { throttle, passwords } = this.#parts;
    const address = clientAddress(request);
    return throttle.mayRefuse({ name, address }) || passwords.isFullFor(laneOf(address));
  }

  /** @throws ThrottledError; StoreUnavailableError; OverloadedError */
  async judge({ name, password }: NameAndPassword, request: AddressedRequest): Promise<Verdict> {
    const { passwords, renewal } = this.#parts;
    const isKept = this.isAlert && this.mayRefuse(name, request);
    const recalled = isKept ? undefined : this.#recall(name, password);
    const verdict = recalled ?? (await this.#judgeAnew({ name, password, isKept }, request));
    const { user, isRight } = verdict;
    if (user === undefined || !isRight) return verdict;
    passwords.noteLogin(name, password);
    renewal.consider(user, password);
    return verdict;
  }

  /** The verdict if the password was found to be right before. */
  #recall(name: string, password: string): Verdict | undefined {
    const { users, passwords } = this.#parts;
    const { version } = users;
    const user = users.recall(name);
    // Looked for without a user too: whether there is one must not show in the time.
    const until = passwords.recall({ hash: user?.hash ?? '', name, password, version });
    if (user === undefined || until === undefined) return undefined;
    const expiresAt = Math.min(user.expiresAt, until);
    return { user, isRight: true, version, began: performance.now(), expiresAt };
  }

  /**
   * Judges what is not remembered. Who was let in before by this password is looked up first, as all users are forgotten when another
   * process changed one: if the password still is remembered as that of the user's hash, nobody's guesses have to be waited for,
   * neither in the throttle nor for bcrypt.
   */
  async #judgeAnew(
    { name, password, isKept }: NameAndPassword & { readonly isKept: boolean },
    request: AddressedRequest,
  ): Promise<Verdict> {
    const { users, passwords } = this.#parts;
    const isForgotten = !isKept && this.#tellsOfChanges && users.recall(name) === undefined;
    if (!isForgotten || !passwords.wasLetIn(name, password)) {
      return this.#attempt({ name, password }, request);
    }
    const asker = askerOf({ lane: laneOf(clientAddress(request)), began: performance.now() });
    const finding = (async (): Promise<CachedUser | undefined> => users.find(name, asker))();
    try {
      await finding;
    } catch {
      // It is to cost what a guess does, and to count as one; but not to be looked up again, which would take twice the time.
      return this.#attempt({ name, password, finding }, request);
    }
    return this.#recall(name, password) ?? this.#attempt({ name, password }, request);
  }

  async #attempt(tried: Tried, request: AddressedRequest): Promise<Verdict> {
    const began = performance.now();
    const verdict = await this.#share(tried, request);
    // One that it joined was judged by what may have changed before this one came.
    const isOutdated = verdict.began < began && this.#maybeOutdated(verdict);
    return isOutdated ? this.#share(tried, request) : verdict;
  }

  /** Whether the source says so when users change, passwords included. */
  get #tellsOfChanges(): boolean {
    const { store } = this.#parts.store;
    return store.watch !== undefined && store.verify === undefined;
  }

  /** Whether a verdict may be wrong by now without anybody having said so. */
  #maybeOutdated({ isRight, expiresAt }: Verdict): boolean {
    return !this.#tellsOfChanges && (!isRight || performance.now() >= expiresAt);
  }

  #share({ name, password, finding }: Tried, request: AddressedRequest): Promise<Verdict> {
    const { throttle, users, passwords, logger } = this.#parts;
    warnOfUntrustedProxy(request, logger);
    const address = clientAddress(request);
    // Clients of one address wait in one lane for bcrypt.
    const attempt = { password, lane: laneOf(address), finding };
    return throttle.attempt({ name, password, address, version: users.version }, () => {
      // Known or not: in the throttle all are judged alike.
      passwords.checkRoom(attempt.lane);
      return this.#find(name, attempt);
    });
  }

  async #find(name: string, attempt: LookedUpAttempt): Promise<Verdict> {
    const { users, store } = this.#parts;
    // Read first: what changes from here on makes the verdict out of date.
    const judging = { ...attempt, version: users.version, began: performance.now() };
    const user = await this.#lookUp(name, judging);
    const verdict = await this.#verify(user, name, judging);
    if (verdict.isRight || store.store.mayBeStale !== true) return verdict;
    // Who is not there was looked up just now, as nobody remembers that. So each name is looked up once.
    if ((user?.askedAt ?? judging.began) >= judging.began) return verdict;
    const fresh = await this.#lookUpFresh(name, judging, user);
    const { version } = fresh;
    const isNew = fresh.user?.hash !== user?.hash;
    if (!isNew) return { ...verdict, user: fresh.user, version };
    return this.#verify(fresh.user, name, { ...judging, version });
  }

  /** Looks a user up; if that fails, it costs what a wrong password of somebody who is remembered does. */
  async #lookUp(name: string, attempt: Judging): Promise<CachedUser | undefined> {
    const { users, passwords } = this.#parts;
    try {
      return await (attempt.finding ?? users.find(name, askerOf(attempt)));
    } catch (error) {
      await Promise.resolve(passwords.refuse(name, attempt)).catch(() => undefined);
      throw error;
    }
  }

  async #lookUpFresh(
    name: string,
    judging: Judging,
    found: CachedUser | undefined,
  ): Promise<FreshUser> {
    try {
      return await this.#parts.users.findFresh(name, askerOf(judging));
    } catch (error) {
      // Nobody knows the user's password of now, but that somebody gave a wrong one is known.
      if (found !== undefined && error instanceof StoreUnavailableError) {
        noteAttackedUser(error, name);
      }
      throw error;
    }
  }

  async #verify(user: CachedUser | undefined, name: string, judging: Judging): Promise<Verdict> {
    const { version, began } = judging;
    const userUntil = user?.expiresAt ?? 0;
    if (user?.hash === '') {
      const until = await this.#ask(name, judging, user.stale);
      const isRight = until !== undefined;
      return { user, isRight, version, began, expiresAt: Math.min(userUntil, until ?? 0) };
    }
    const { passwords, store, askTimes } = this.#parts;
    const isRight =
      user === undefined
        ? await passwords.refuse(name, judging)
        : await passwords.verify(user.hash, judging);
    if (!isRight && store.verifies) await askTimes.standIn();
    return { user, isRight, version, began, expiresAt: userUntil };
  }

  /**
   * Asks the source. A wrong password costs a run of bcrypt as well, like one of any other name.
   *
   * @param outage - why the source could not be asked about the user, where it was not asked
   */
  async #ask(
    name: string,
    judging: Judging,
    outage: StoreUnavailableError | undefined,
  ): Promise<number | undefined> {
    const { passwords, store, askTimes, verifications } = this.#parts;
    const ask = async (): Promise<boolean> => {
      if (outage !== undefined) throw outage;
      return store.verify(name, judging.password);
    };
    try {
      const until = await passwords.ask(name, judging, () =>
        verifications.run(judging.lane, () => askTimes.watch(ask)),
      );
      if (until === undefined) await passwords.refuse(name, judging);
      return until;
    } catch (error) {
      const isOutage = error instanceof StoreUnavailableError && !error.answered;
      // Counts for this request, and is not remembered.
      if (isOutage && passwords.wasRight(name, judging)) return performance.now();
      await Promise.resolve(passwords.refuse(name, judging)).catch(() => undefined);
      throw error;
    }
  }
}

/** How long the look-ups of one login may take together, in milliseconds. */
const LOOK_UPS = 3000;

function askerOf({ lane, began }: Pick<Judging, 'lane' | 'began'>): Asker {
  return { lane, until: began + LOOK_UPS };
}

/** An attempt, by which users it is judged, and since when. */
type Judging = LookedUpAttempt & Pick<Verdict, 'version' | 'began'>;

/** A look-up of the user that was made already. */
interface EarlierLookUp {
  readonly finding?: Promise<CachedUser | undefined> | undefined;
}

type LookedUpAttempt = PasswordAttempt & EarlierLookUp;
type Tried = NameAndPassword & EarlierLookUp;
