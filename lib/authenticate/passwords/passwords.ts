import { compare, hash as bcryptHash } from 'bcrypt';
import type { MaybePromise } from '../../maybe-promise.js';
import { Tally } from '../../observe/tally.js';
import { SingleFlight } from '../../single-flight.js';
import {
  bcryptHashCost,
  highestUsableCost,
  normalizeBcryptHash,
} from '../../stores/rules/bcrypt-hash.js';
import { checkPassword, isTooLong } from '../../stores/rules/password-policy.js';
import { Freshness } from '../freshness.js';
import type { BcryptQueue } from './bcrypt-queue.js';
import { tooManyWait } from './bcrypt-queue.js';
import { dummyHash } from './dummy-hash.js';
import { RecentCosts } from './recent-costs.js';
import type { VerifiedPasswords } from './verified-passwords.js';

export interface PasswordsOptions {
  readonly queue: BcryptQueue;
  readonly verified: VerifiedPasswords;
  /** The cost of new hashes. */
  readonly cost: number;
  /** The highest cost among the users' hashes; 0 if it is unknown. */
  readonly usersCost: () => number;
  /** Until when answers of the source are believed; always if left out. */
  readonly freshness?: Freshness;
  readonly tally?: Tally;
}

/** A password to be judged. */
export interface PasswordAttempt {
  readonly password: string;
  /** Attempts of one lane wait together if bcrypt is busy: the client's address. */
  readonly lane: string;
}

/** A password that is judged for a version of the users. */
export interface VersionedAttempt {
  readonly password: string;
  readonly version: number;
  /** The version by told changes alone; `version` if left out. */
  readonly told?: number;
}

/** A password that may have been judged before. */
export interface RecalledPassword extends VersionedAttempt {
  /** The user's bcrypt hash; empty if the source verifies the password. */
  readonly hash: string;
  readonly name: string;
}

/**
 * Hashes and verifies passwords by bcrypt. Every failure costs as much as one comparison with the
 * costliest hash in use, so that the time doesn't tell if a name exists.
 */
export class Passwords {
  readonly cost: number;
  readonly #queue: BcryptQueue;
  readonly #verified: VerifiedPasswords;
  readonly #usersCost: () => number;
  readonly #freshness: Freshness;
  readonly #tally: Tally;
  readonly #judged = new SingleFlight<boolean>();
  readonly #asked = new SingleFlight<number | undefined>();
  readonly #dummies = new Map<number, string>();
  readonly #recentCosts = new RecentCosts();

  constructor({ queue, verified, cost, usersCost, freshness, tally }: PasswordsOptions) {
    this.cost = cost;
    this.#queue = queue;
    this.#verified = verified;
    this.#usersCost = usersCost;
    this.#freshness = freshness ?? new Freshness({});
    this.#tally = tally ?? new Tally();
  }

  /** @throws InvalidRequestError if the password can't be set; OverloadedError */
  async hash(password: string, lane: string): Promise<string> {
    checkPassword(password);
    return this.#queue.run(lane, () => this.#timed(() => bcryptHash(password, this.cost)));
  }

  /** False if every lane has room: requests need not ask {@link Passwords.checkRoom} then. */
  get isAlert(): boolean {
    return this.#queue.isFull;
  }

  /** Returns true if attempts of a lane are refused, since too many wait before them. */
  isFullFor(lane: string): boolean {
    return this.#queue.isFullFor(lane);
  }

  /**
   * Refuses an attempt for which bcrypt has no room, even if it needs no bcrypt.
   *
   * @throws OverloadedError
   */
  checkRoom(lane: string): void {
    if (this.#queue.isFullFor(lane)) throw tooManyWait();
  }

  /** Returns true if the password belongs to the hash. @throws OverloadedError */
  verify(hash: string, attempt: PasswordAttempt): MaybePromise<boolean> {
    return this.#once(
      ['hash', hash, attempt.password],
      async () => {
        const cost = bcryptHashCost(hash);
        this.#recentCosts.see(cost);
        if (isTooLong(attempt.password)) return this.#fail(attempt.password);
        const right = await this.#compare(attempt.password, normalizeBcryptHash(hash));
        return right || this.#fail(attempt.password, cost);
      },
      attempt.lane,
    );
  }

  /**
   * Does the work of a comparison for a name that doesn't exist. Always false.
   *
   * @throws OverloadedError
   */
  refuse(name: string, { password, lane }: PasswordAttempt): MaybePromise<boolean> {
    return this.#once(['no user', name, password], () => this.#fail(password), lane);
  }

  /**
   * Asks a source, such as a directory, if a password is right. Callers that wait share one
   * question. Only a right answer is remembered, and only for a while: the source doesn't report
   * changes.
   *
   * @param attempt - `version` is that of the users; after a change of them the answer is
   *   forgotten
   * @returns the end of a right answer's validity, in milliseconds of this process' steady clock;
   *   undefined for a wrong password
   */
  ask(
    name: string,
    { password, version, told = version }: VersionedAttempt,
    verify: () => MaybePromise<boolean>,
  ): MaybePromise<number | undefined> {
    const key = this.#askedKey(name, password, version);
    const known = this.#recallAsked(key);
    if (known !== undefined) return known;
    const askNow = async (): Promise<number | undefined> => {
      const meanwhile = this.#recallAsked(key);
      if (meanwhile !== undefined) return meanwhile;
      const askedAt = performance.now();
      const isRight = await verify();
      const lastKey = told === version ? key : this.#askedKey(name, password, told);
      this.#verified.noteAsked(name, lastKey, isRight);
      if (!isRight) return undefined;
      this.#freshness.isProven();
      const expiresAt = askedAt + this.#verified.expiration;
      const until = this.#freshness.decidedEnd({ askedAt, expiresAt });
      this.#verified.remember(key, true, until);
      return until;
    };
    // An earlier caller's wrong answer may be out of date, so only a question that has yet to begin
    // is shared.
    return this.#asked.run(key, askNow, 0);
  }

  /**
   * Returns true if the source called this password right when it was last asked. Use it only while
   * the source can't be asked.
   */
  wasRight(name: string, { password, version, told = version }: VersionedAttempt): boolean {
    return this.#verified.wasRight(name, this.#askedKey(name, password, told));
  }

  /**
   * Returns the end of the time for which a password of a user is known to be right, in
   * milliseconds of this process' steady clock. For a hash it is Infinity, as the password of a
   * hash never changes. Undefined if nothing is known.
   */
  recall({ hash, name, password, version }: RecalledPassword): number | undefined {
    if (hash === '') return this.#verified.recallUntil(this.#askedKey(name, password, version));
    return this.#verified.recall(this.#verified.key('hash', hash, password)) === true
      ? Infinity
      : undefined;
  }

  /** Remembers that a password belongs to a hash that was just made from it. */
  remember(hash: string, password: string): void {
    this.#verified.remember(this.#verified.key('hash', hash, password), true);
  }

  /** The key of a login, for {@link noteLogin} and {@link wasLetIn}; compute it once. */
  loginKey(name: string, password: string): string {
    return this.#verified.key('login', name, password);
  }

  /** Notes that a password let a user in. */
  noteLogin(loginKey: string): void {
    this.#verified.noteLogin(loginKey);
  }

  /**
   * Returns true if a password let a user in before. That was by the hash of that time, so it says
   * nothing about the present one.
   */
  wasLetIn(loginKey: string): boolean {
    return this.#verified.wasLetIn(loginKey);
  }

  /** The end of the validity of the source's right answer, if it is believed now. */
  #recallAsked(key: string): number | undefined {
    return this.#freshness.isProven() ? this.#verified.recallUntil(key) : undefined;
  }

  #askedKey(name: string, password: string, version: number): string {
    return this.#verified.key('asked', String(version), name, password);
  }

  #once(parts: string[], judge: () => Promise<boolean>, lane: string): MaybePromise<boolean> {
    const key = this.#verified.key(...parts);
    const known = this.#verified.recall(key);
    if (known !== undefined) return known;
    return this.#judged.run(key, async () => {
      const right = await this.#queue.run(lane, async () => {
        const isRight = await judge();
        // Before the lane's next job starts.
        if (!isRight) this.#queue.noteWrong(lane);
        return isRight;
      });
      this.#verified.remember(key, right);
      return right;
    });
  }

  async #compare(password: string, hash: string): Promise<boolean> {
    return this.#timed(() => compare(password, hash));
  }

  async #timed<T>(run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.#tally.bcrypt.add(start);
    }
  }

  /**
   * Fails at the price of one comparison of the target cost T, of which 2^spent is paid: rounds of
   * cost c, c, c+1, …, T-1 add up to 2^T.
   */
  async #fail(password: string, spent?: number): Promise<false> {
    const known = this.#usersCost() || this.#recentCosts.highest || this.cost;
    const target = Math.min(known, highestUsableCost(this.cost));
    const costs =
      spent === undefined
        ? [target]
        : Array.from({ length: Math.max(0, target - spent) }, (_, index) => spent + index);
    for (const cost of costs) await this.#compare(password, this.#dummy(cost));
    return false;
  }

  #dummy(cost: number): string {
    const known = this.#dummies.get(cost);
    if (known !== undefined) return known;
    const made = dummyHash(cost);
    this.#dummies.set(cost, made);
    return made;
  }
}
