import { isReservedName } from '../credentials/parse.js';
import { withDeadline } from '../deadline.js';
import { KapacitorAuthError, StoreUnavailableError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { MaybePromise } from '../maybe-promise.js';
import { Tally } from '../observe/tally.js';
import { highestUsableCost } from '../stores/rules/bcrypt-hash.js';
import { UnusableUserError } from '../stores/rules/unusable-user.js';
import type { StoredSubscription, UnusableUser } from '../stores/subscription-store.js';
import type {
  FindOptions,
  StoredUser,
  UserChangeListener,
  UserSource,
} from '../stores/user-store.js';
import { tellFailure } from '../warnings.js';
import { describeFailure } from './describe-failure.js';
import { Freshness } from './freshness.js';
import { grantsProblem } from './grants-problem.js';
import { hashProblem } from './hash-problem.js';
import { KeepingUp } from './keeping-up.js';
import { UnusableUsers } from './passwords/unusable-users.js';

/** Milliseconds that a look-up, the opening and a change may take. */
const DEADLINE = 5000;
const OPENING_DEADLINE = 30_000;
const CHANGE_DEADLINE = 30_000;

/** Milliseconds after a failed opening in which it is not tried again. */
const REOPEN_AFTER = 1000;

export interface GuardedStoreOptions {
  readonly store: UserSource;
  readonly logger: Logger;
  /** Called once the source is open. */
  readonly onOpen: () => void;
  /** Called with the name of a user that changed, or without one if any may have changed. */
  readonly onChange: UserChangeListener;
  /** Milliseconds that a look-up may take; 5000 when left out. */
  readonly deadline?: number;
  /** Milliseconds that the source may take to verify a password; as for a look-up when left out. */
  readonly verifyDeadline?: number;
  /** `auth.bcrypt-cost`: hashes of a much higher cost are not used. */
  readonly bcryptCost?: number;
  readonly tally?: Tally;
}

/**
 * Opens a user source when it is first needed, and checks its answers. A look-up returns the user
 * asked for, undefined, or a StoreUnavailableError, in bounded time. Logs an outage and its end.
 */
export class GuardedStore {
  readonly store: UserSource;
  /** Until when the answers of the source are believed. */
  readonly freshness: Freshness;
  readonly #logger: Logger;
  readonly #onOpen: () => void;
  readonly #onChange: UserChangeListener;
  readonly #deadline: number;
  readonly #verifyDeadline: number;
  readonly #highestCost: number;
  readonly #unusable: UnusableUsers;
  readonly #tally: Tally;
  readonly #keepingUp: KeepingUp;
  #state: 'new' | 'open' | 'closed' = 'new';
  #unwatch: (() => void) | undefined;
  #opening: Promise<void> | undefined;
  #failedToOpen: { readonly error: StoreUnavailableError; readonly at: number } | undefined;
  #isDown = false;

  constructor({ store, deadline = DEADLINE, ...options }: GuardedStoreOptions) {
    this.store = store;
    this.freshness = new Freshness(store);
    this.#logger = options.logger;
    this.#onOpen = options.onOpen;
    this.#onChange = options.onChange;
    this.#deadline = deadline;
    this.#verifyDeadline = options.verifyDeadline ?? deadline;
    this.#highestCost = highestUsableCost(options.bcryptCost ?? 0);
    this.#unusable = new UnusableUsers(options.logger);
    this.#tally = options.tally ?? new Tally();
    this.#keepingUp = new KeepingUp({
      look: () => {
        const looking = this.store.catchUp?.();
        return looking instanceof Promise ? this.#inTime(looking) : undefined;
      },
      onUnknown: this.#onChange,
    });
  }

  /** Opens the source unless it is open. @throws StoreUnavailableError */
  async ready(): Promise<void> {
    if (this.#state === 'open') return;
    if (this.#state === 'closed') throw new StoreUnavailableError('the user store was closed');
    this.#opening ??= this.#openNow().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  /**
   * Checks that users can be looked up now, and opens the source unless it is open.
   *
   * @throws StoreUnavailableError
   */
  async check(): Promise<void> {
    await this.#ask(
      () => this.store.check?.(),
      () => undefined,
    );
  }

  /** Closes the source for good. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#unwatch?.();
    await this.store.close?.();
  }

  /** @throws StoreUnavailableError */
  find(name: string, options: FindOptions): MaybePromise<StoredUser | undefined> {
    if (isReservedName(name)) return undefined;
    return this.#ask(
      () => this.store.find(name, options),
      (user) => this.#check(user, name),
    );
  }

  /** The subscription whose token has this digest, or undefined. @throws StoreUnavailableError */
  findSubscription(digest: string): MaybePromise<StoredSubscription | undefined> {
    const { subscriptions } = this.store;
    if (subscriptions === undefined) return undefined;
    return this.#ask(
      () => subscriptions.find(digest),
      (found) => {
        if (found === undefined || found.digest === digest) return found;
        throw new StoreUnavailableError('it answered with another subscription');
      },
    );
  }

  /** @throws StoreUnavailableError, also if the source can't verify passwords */
  verify(name: string, password: string): MaybePromise<boolean> {
    return this.#ask(
      () => this.store.verify?.(name, password) ?? false,
      (right) => right,
      this.#verifyDeadline,
    );
  }

  /**
   * Asks a question that may take longer than a look-up: a list, or a change that waits for another
   * process. An error that says why the question is refused is passed on unchanged.
   *
   * @throws StoreUnavailableError, also if the change may still be made later; KapacitorAuthError
   */
  async manage<T>(question: () => MaybePromise<T>): Promise<T> {
    await this.ready();
    await this.catchUp();
    const start = performance.now();
    try {
      const asked = (async () => question())();
      return this.#answered(await this.#inTime(asked, CHANGE_DEADLINE), start);
    } catch (error) {
      if (error instanceof KapacitorAuthError && !(error instanceof StoreUnavailableError))
        throw error;
      return this.#fail(error, start);
    }
  }

  /**
   * Asks for a change, like {@link GuardedStore.manage}. Calls `onChange` before the change is
   * acknowledged, as some stores don't report changes. Does so even after a failure, as the change
   * may have been made.
   *
   * @param name - the user that changes; undefined if no user does
   */
  async change<T>(name: string | undefined, question: () => MaybePromise<T>): Promise<T> {
    try {
      return await this.manage(question);
    } finally {
      this.#onChange(name);
    }
  }

  /** Logs, once, that a user exists but can't be used. */
  tellUnusable(unusable: UnusableUser): void {
    this.#unusable.tell(unusable);
  }

  /**
   * Learns of changes that others made while this process stood still, once a second. If that takes
   * time, returns a promise: every question waits for it, and `onChange` was called.
   */
  catchUp(): Promise<void> | undefined {
    return this.#state === 'open' ? this.#keepingUp.keepUp() : undefined;
  }

  /** True if the source itself verifies the passwords of users without a hash. */
  get verifies(): boolean {
    return this.store.verify !== undefined;
  }

  #ask<A, B>(
    question: () => MaybePromise<A>,
    check: (answer: A) => B,
    deadline = this.#deadline,
  ): MaybePromise<B> {
    if (this.#state !== 'open')
      return this.#inTime(this.ready()).then(() => this.#ask(question, check, deadline));
    const ask = (): MaybePromise<B> => this.#askNow(question, check, deadline);
    return this.catchUp()?.then(ask) ?? ask();
  }

  #askNow<A, B>(
    question: () => MaybePromise<A>,
    check: (answer: A) => B,
    deadline: number,
  ): MaybePromise<B> {
    const start = performance.now();
    try {
      const answer = question();
      if (!(answer instanceof Promise)) return this.#answered(check(answer), start);
      return this.#inTime(answer, deadline)
        .then((value) => this.#answered(check(value), start))
        .catch((error: unknown) => this.#fail(error, start));
    } catch (error) {
      return this.#fail(error, start);
    }
  }

  async #openNow(): Promise<void> {
    const failed = this.#failedToOpen;
    if (failed !== undefined && performance.now() - failed.at < REOPEN_AFTER) throw failed.error;
    try {
      await this.#inTime(Promise.resolve(this.store.open?.()), OPENING_DEADLINE);
    } catch (error) {
      this.#failedToOpen = { error: this.#report(error), at: performance.now() };
      throw this.#failedToOpen.error;
    }
    this.#state = 'open';
    this.#unwatch = this.store.watch?.(this.#onChange);
    this.#onOpen();
  }

  #check(user: StoredUser | undefined, name: string): StoredUser | undefined {
    if (user === undefined) return undefined;
    if (user.name !== name) {
      throw new StoreUnavailableError('it answered with another user', { answered: true });
    }
    const problem =
      hashProblem(user, { verifies: this.verifies, highestCost: this.#highestCost }) ??
      grantsProblem(user);
    if (problem !== undefined) throw new UnusableUserError(name, problem);
    return user;
  }

  #inTime<T>(answer: Promise<T>, deadline = this.#deadline): Promise<T> {
    return withDeadline(
      answer,
      deadline,
      () => new StoreUnavailableError(`no answer within ${String(deadline)} ms`),
    );
  }

  #answered<T>(answer: T, start: number): T {
    this.#tally.store.add(start);
    if (this.#isDown) this.#logger.info('the user store answers again');
    this.#isDown = false;
    return answer;
  }

  #fail(error: unknown, start: number): never {
    this.#tally.store.add(start);
    throw this.#report(error);
  }

  #report(error: unknown): StoreUnavailableError {
    if (error instanceof UnusableUserError) {
      this.tellUnusable({ name: error.user, problem: error.problem });
      return error;
    }
    const unavailable =
      error instanceof StoreUnavailableError
        ? error
        : new StoreUnavailableError('the user store failed', { cause: error });
    this.#tally.storeErrors += 1;
    if (!this.#isDown) this.#tellOutage(error);
    this.#isDown = true;
    return unavailable;
  }

  #tellOutage(error: unknown): void {
    const message = `the user store is unavailable: ${describeFailure(error)}`;
    tellFailure('WRN_KAUTH_STORE_UNAVAILABLE', message, this.#logger);
  }
}
