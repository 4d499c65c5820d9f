import type { NameAndPassword } from '../credentials/basic.js';
import type { AddressedRequest } from '../credentials/client-address.js';
import { laneOf, throttleKey } from '../credentials/client-address.js';
import { StoreUnavailableError } from '../errors.js';
import { once } from '../lazy.js';
import type { Logger } from '../logger.js';
import { noteAttackedUser } from '../observe/attacked-users.js';
import type { PasswordQuestionsParts } from './password-questions.js';
import { PasswordQuestions } from './password-questions.js';
import type { HashRenewal, RunningRenewal } from './passwords/hash-renewal.js';
import type { PasswordAttempt } from './passwords/passwords.js';
import type { Throttle } from './throttle/throttle.js';
import { warnOfUntrustedProxy } from './throttle/untrusted-proxy.js';
import type { Asker, CachedUser, FreshUser, UserCache } from './user-cache.js';
import { isSameLogin, SHARED_IN_DOUBT } from './user-cache.js';

export interface LoginsParts extends PasswordQuestionsParts {
  readonly renewal: HashRenewal;
  readonly throttle: Throttle<Verdict>;
  readonly logger: Logger;
}

/** The outcome of a login. */
export interface Verdict {
  /** The user of that name, if there is one. */
  readonly user: CachedUser | undefined;
  /** True if the password is the user's, and the user is not disabled. */
  readonly isRight: boolean;
  /** The version of the users at the judgement. It is remembered with the verdict, however late. */
  readonly version: number;
  /**
   * The start of the judgement, and the end of its validity, in milliseconds of this process'
   * steady clock.
   */
  readonly began: number;
  readonly expiresAt: number;
}

/** The outcome of a login that has just come. */
export interface LoginVerdict extends Verdict {
  /** The renewal of the user's hash that runs now, if any. */
  readonly renewal?: RunningRenewal | undefined;
}

/** Judges names and passwords, and throttles their clients. */
export class Logins {
  readonly #parts: LoginsParts;
  readonly #questions: PasswordQuestions;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
    this.#questions = new PasswordQuestions(parts);
  }

  /** False if no login can be refused: {@link Logins.mayRefuse} need not be asked then. */
  get isAlert(): boolean {
    const { throttle, passwords } = this.#parts;
    return throttle.isAlert || passwords.isAlert;
  }

  /**
   * Returns true if a login of this name may be refused unjudged just now. A remembered password
   * then takes the same way as a wrong one: a client that could tell the two apart could guess
   * without end.
   */
  mayRefuse(name: string, request: AddressedRequest): boolean {
    const { throttle, passwords } = this.#parts;
    const address = throttleKey(request);
    return throttle.mayRefuse({ name, address }) || passwords.isFullFor(laneOf(address));
  }

  /** @throws ThrottledError; StoreUnavailableError; OverloadedError */
  async judge(
    { name, password }: NameAndPassword,
    request: AddressedRequest,
  ): Promise<LoginVerdict> {
    const { passwords, renewal } = this.#parts;
    const isKept = this.isAlert && this.mayRefuse(name, request);
    const recalled = isKept ? undefined : this.#recall(name, password);
    const loginKey = once(() => passwords.loginKey(name, password));
    const anew = { name, password, isKept, loginKey };
    const verdict = recalled ?? (await this.#judgeAnew(anew, request));
    const { user, isRight } = verdict;
    if (user === undefined || !isRight) return verdict;
    passwords.noteLogin(loginKey());
    const running = renewal.consider(user, password);
    return running === undefined ? verdict : { ...verdict, renewal: running };
  }

  /** Judges a login that was let in before. It is no attempt: neither throttled nor counted. */
  async judgeAgain({ name, password }: NameAndPassword, lane: string): Promise<Verdict> {
    return this.#recall(name, password) ?? this.#find(name, { password, lane });
  }

  /** Returns the verdict if the password was found right before. */
  #recall(name: string, password: string): Verdict | undefined {
    const { users } = this.#parts;
    const { version } = users;
    return this.#recallAs(users.recall(name), version, { name, password });
  }

  /** Returns the verdict on a user's password, if it was found right before. */
  #recallAs(
    user: CachedUser | undefined,
    version: number,
    { name, password }: NameAndPassword,
  ): Verdict | undefined {
    const { passwords } = this.#parts;
    // Also looks for a missing user, so that the time doesn't tell if the user exists.
    const until = passwords.recall({ hash: user?.hash ?? '', name, password, version });
    if (user === undefined || user.disabled || until === undefined) return undefined;
    const expiresAt = Math.min(user.expiresAt, until);
    return { user, isRight: true, version, began: performance.now(), expiresAt };
  }

  /**
   * Judges a login that is not remembered. A change by another process makes this process forget
   * all users. So if this password let this user in before, the user is looked up first: if it is
   * still remembered as the password of the user's hash, the login doesn't wait for the guesses of
   * others, neither in the throttle nor for bcrypt.
   */
  async #judgeAnew(
    { name, password, isKept, loginKey }: ToJudgeAnew,
    request: AddressedRequest,
  ): Promise<Verdict> {
    const { users, passwords } = this.#parts;
    const isForgotten = !isKept && this.#tellsOfChanges && users.recall(name) === undefined;
    if (!isForgotten || !passwords.wasLetIn(loginKey())) {
      return this.#attempt({ name, password }, request);
    }
    const asker = askerOf({ lane: laneOf(throttleKey(request)), began: performance.now() });
    const { version } = users;
    const finding = (async (): Promise<CachedUser | undefined> => users.find(name, asker))();
    let found: CachedUser | undefined;
    try {
      found = await finding;
    } catch {
      // The attempt costs as much as a guess, and counts as one. It takes over the failed look-up,
      // as a second one would double the time.
      return this.#attempt({ name, password, finding }, request);
    }
    const recalled =
      version === users.version
        ? this.#recallAs(found, version, { name, password })
        : this.#recall(name, password);
    return recalled ?? this.#attempt({ name, password }, request);
  }

  async #attempt(tried: Tried, request: AddressedRequest): Promise<Verdict> {
    const began = performance.now();
    const verdict = await this.#share(tried, request);
    // It may have joined an attempt that was judged by users that have changed since.
    const isOutdated = verdict.began < began && this.#maybeOutdated(verdict, began);
    return isOutdated ? this.#share(tried, request) : verdict;
  }

  /** True if the source reports all changes of users, passwords included. */
  get #tellsOfChanges(): boolean {
    const { store } = this.#parts.store;
    return store.watch !== undefined && store.verify === undefined;
  }

  /**
   * Returns true if a verdict may be wrong by now without any report.
   *
   * @param asked - the time of the attempt that joined it
   */
  #maybeOutdated({ isRight, began, expiresAt }: Verdict, asked: number): boolean {
    const { store } = this.#parts;
    const hearsInTime = this.#tellsOfChanges && store.freshness.isProven();
    // A new password works at once, even if the news of it is still on its way.
    if (!isRight) return !hearsInTime || store.store.mayBeStale === true;
    if (hearsInTime) return false;
    return this.#tellsOfChanges ? asked - began > SHARED_IN_DOUBT : performance.now() >= expiresAt;
  }

  #share({ name, password, finding }: Tried, request: AddressedRequest): Promise<Verdict> {
    const { throttle, users, passwords, logger } = this.#parts;
    warnOfUntrustedProxy(request, logger);
    const address = throttleKey(request);
    // Clients of one address wait in one lane for bcrypt.
    const attempt = { password, lane: laneOf(address), finding };
    return throttle.attempt({ name, password, address, version: users.version }, () => {
      // Applies to unknown names too: the throttle treats all alike.
      passwords.checkRoom(attempt.lane);
      return this.#find(name, attempt);
    });
  }

  async #find(name: string, attempt: LookedUpAttempt): Promise<Verdict> {
    const { users, store } = this.#parts;
    // Read first: a later change makes the verdict out of date.
    const { version, told } = users;
    const judging = { ...attempt, version, told, began: performance.now() };
    const user = await this.#lookUp(name, judging);
    const verdict = await this.#verify(user, name, judging);
    if (verdict.isRight) return this.#confirm(verdict, name, judging);
    if (store.store.mayBeStale !== true) return verdict;
    // A missing user was looked up just now, as nothing remembers missing users. So each name is
    // looked up once.
    if ((user?.askedAt ?? judging.began) >= judging.began) return verdict;
    const fresh = await this.#lookUpFresh(name, judging, user);
    const { version: present } = fresh;
    if (isSameLogin(fresh.user, user)) return { ...verdict, user: fresh.user, version: present };
    return this.#verify(fresh.user, name, { ...judging, version: present, told: users.told });
  }

  /**
   * Looks again if users changed while bcrypt ran, which takes as long as this process may stand
   * still: the user may be gone, have another password, or fewer rights.
   */
  async #confirm(verdict: Verdict, name: string, judging: Judging): Promise<Verdict> {
    const { users } = this.#parts;
    const { version } = users;
    if (version === verdict.version) return verdict;
    const began = performance.now();
    const user = await users.find(name, askerOf({ ...judging, began }));
    if (!isSameLogin(user, verdict.user)) {
      return this.#verify(user, name, { ...judging, version, told: users.told, began });
    }
    // An answer of the source itself stays one from before the change: nobody may remember it.
    if (user?.hash === '') return { ...verdict, user };
    const expiresAt = Math.min(verdict.expiresAt, user?.expiresAt ?? 0);
    return { ...verdict, user, version, expiresAt };
  }

  /** Looks a user up. A failure costs as much as a wrong password of a remembered user. */
  async #lookUp(name: string, attempt: Judging): Promise<CachedUser | undefined> {
    const { users, passwords } = this.#parts;
    try {
      return await (attempt.finding ?? users.find(name, askerOf(attempt)));
    } catch (error) {
      // If nobody is served without a look-up, the time tells nothing: the answer comes at once.
      if (!users.servesNobody) {
        await Promise.resolve(passwords.refuse(name, attempt)).catch(() => undefined);
      }
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
      // The user's present password is unknown, but the user was attacked: the given one was wrong
      // before.
      if (found !== undefined && error instanceof StoreUnavailableError) {
        noteAttackedUser(error, name);
      }
      throw error;
    }
  }

  async #verify(user: CachedUser | undefined, name: string, judging: Judging): Promise<Verdict> {
    const { version, began } = judging;
    const userUntil = user?.expiresAt ?? 0;
    if (user?.hash === '' && !user.disabled) {
      const until = await this.#questions.ask(name, judging, user.stale);
      const isRight = until !== undefined;
      return { user, isRight, version, began, expiresAt: Math.min(userUntil, until ?? 0) };
    }
    const { passwords, store, askTimes } = this.#parts;
    // The password of a disabled user is not even looked at: no time can tell that it is right.
    const isRight =
      user === undefined || user.disabled
        ? await passwords.refuse(name, judging)
        : await passwords.verify(user.hash, judging);
    if (!isRight && store.verifies) await askTimes.standIn();
    return { user, isRight, version, began, expiresAt: userUntil };
  }
}

/** Milliseconds that the look-ups of one login may take together. */
const LOOK_UPS = 3000;

function askerOf({ lane, began }: Pick<Judging, 'lane' | 'began'>): Asker {
  return { lane, until: began + LOOK_UPS };
}

/** An attempt with the version of the users that it is judged by, and its start. */
type Judging = LookedUpAttempt & Pick<Verdict, 'version' | 'began'> & Pick<UserCache, 'told'>;

/** A look-up of the user that has been made already. */
interface EarlierLookUp {
  readonly finding?: Promise<CachedUser | undefined> | undefined;
}

/** A login that is not remembered. */
interface ToJudgeAnew extends NameAndPassword {
  /** True if it may be refused unjudged. */
  readonly isKept: boolean;
  readonly loginKey: () => string;
}

type LookedUpAttempt = PasswordAttempt & EarlierLookUp;
type Tried = NameAndPassword & EarlierLookUp;
