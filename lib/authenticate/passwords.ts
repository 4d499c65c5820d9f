import { compare, hash as bcryptHash } from 'bcrypt';
import { Tally } from '../observe/tally.js';
import type { MaybePromise } from '../stores/user-store.js';
import { bcryptHashCost, normalizeBcryptHash } from '../stores/bcrypt-hash.js';
import type { BcryptQueue } from './bcrypt-queue.js';
import { dummyHash } from './dummy-hash.js';
import { checkPassword, isTooLong } from '../stores/password-policy.js';
import type { VerifiedPasswords } from './verified-passwords.js';

/** What passwords are verified with. */
export interface PasswordsOptions {
  readonly queue: BcryptQueue;
  readonly verified: VerifiedPasswords;
  /** The cost of new hashes. */
  readonly cost: number;
  /** The highest cost among the users' hashes; 0 when not known. */
  readonly usersCost: () => number;
  readonly tally?: Tally;
}

/** A password to be judged. */
export interface PasswordAttempt {
  readonly password: string;
  /** Who waits together when bcrypt is busy: the client's address. */
  readonly lane: string;
}

/**
 * Hashes and verifies passwords by bcrypt. However an attempt fails, it costs as much as one comparison with the
 * costliest hash in use, so that time doesn't tell whether a name exists.
 */
export class Passwords {
  readonly cost: number;
  readonly #queue: BcryptQueue;
  readonly #verified: VerifiedPasswords;
  readonly #usersCost: () => number;
  readonly #tally: Tally;
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #dummies = new Map<number, string>();
  #seenCost = 0;

  constructor({ queue, verified, cost, usersCost, tally = new Tally() }: PasswordsOptions) {
    this.cost = cost;
    this.#queue = queue;
    this.#verified = verified;
    this.#usersCost = usersCost;
    this.#tally = tally;
  }

  /** @throws InvalidRequestError when the password can't be set; OverloadedError */
  async hash(password: string, lane: string): Promise<string> {
    checkPassword(password);
    return this.#queue.run(lane, () => this.#timed(() => bcryptHash(password, this.cost)));
  }

  /** Whether a password is the one of a hash. @throws OverloadedError */
  verify(hash: string, attempt: PasswordAttempt): MaybePromise<boolean> {
    return this.#once(
      ['hash', hash, attempt.password],
      async () => {
        const cost = bcryptHashCost(hash);
        this.#seenCost = Math.max(this.#seenCost, cost);
        if (isTooLong(attempt.password)) return this.#fail(attempt.password);
        const right = await this.#compare(attempt.password, normalizeBcryptHash(hash));
        return right || this.#fail(attempt.password, cost);
      },
      attempt.lane,
    );
  }

  /** Does the work of a comparison for a name that doesn't exist; always false. @throws OverloadedError */
  refuse(name: string, { password, lane }: PasswordAttempt): MaybePromise<boolean> {
    return this.#once(['no user', name, password], () => this.#fail(password), lane);
  }

  /**
   * Asks somebody else whether a password is right (a directory, say), once for all who ask at the same time. Only a
   * right answer is remembered: theirs may change without a word.
   */
  ask(name: string, password: string, verify: () => MaybePromise<boolean>): MaybePromise<boolean> {
    const key = this.#verified.key('asked', name, password);
    if (this.#verified.recall(key)) return true;
    return this.#share(key, async () => {
      const right = await verify();
      if (right) this.#verified.remember(key, true);
      return right;
    });
  }

  /** Whether this password of a user was found to be right before: by its hash, or by asking where there is none. */
  isKnown(hash: string, { name, password }: { name: string; password: string }): boolean {
    const parts = hash === '' ? ['asked', name, password] : ['hash', hash, password];
    return this.#verified.recall(this.#verified.key(...parts)) === true;
  }

  /** Remembers that a password belongs to a hash that was just made from it. */
  remember(hash: string, password: string): void {
    this.#verified.remember(this.#verified.key('hash', hash, password), true);
  }

  #once(parts: string[], judge: () => Promise<boolean>, lane: string): MaybePromise<boolean> {
    const key = this.#verified.key(...parts);
    const known = this.#verified.recall(key);
    if (known !== undefined) return known;
    return this.#share(key, async () => {
      const right = await this.#queue.run(lane, judge);
      this.#verified.remember(key, right);
      return right;
    });
  }

  #share(key: string, judge: () => Promise<boolean>): Promise<boolean> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const judged = judge().finally(() => this.#running.delete(key));
    this.#running.set(key, judged);
    return judged;
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
   * Fails at the price of one comparison of the target cost T, of which 2^spent is paid: rounds of cost c, c, c+1, …, T-1
   * add up to 2^T.
   */
  async #fail(password: string, spent?: number): Promise<false> {
    const target = this.#usersCost() || this.#seenCost || this.cost;
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
