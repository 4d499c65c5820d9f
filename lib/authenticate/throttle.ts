import { hash, randomBytes } from 'node:crypto';
import { MisuseError, ThrottledError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { FailureCounter, ThrottleStore } from '../stores/failure-counter.js';
import { warnOnce } from '../warnings.js';
import { FailureLimit } from './failure-limit.js';
import type { End, Outcome } from './failure-limit.js';
import { FailureMemory } from './failure-memory.js';
import { HeldRefusals } from './held-refusals.js';
import { InsuredCounter } from './insured-counter.js';
import type { Verdict } from './logins.js';

/** How many logins may fail. */
export interface ThrottleSettings {
  readonly enabled: boolean;
  /** Failures of one user from one address; 0 for any number. */
  readonly failuresPerUser: number;
  /** Failures from one address; 0 for any number. */
  readonly failuresPerAddress: number;
  /** Milliseconds. */
  readonly window: number;
  /** Counts instead of this process' memory. */
  readonly store: ThrottleStore | undefined;
  readonly logger: Logger;
}

/** An attempt to log in. */
export interface Login {
  readonly name: string;
  readonly password: string;
  /** The client's; undefined where nobody knows it. */
  readonly address: string | undefined;
}

/** Looks at an attempt. */
type Judge = () => Promise<Verdict>;

type LocatedLogin = Login & { readonly address: string };

interface Rule {
  readonly limit: FailureLimit;
  readonly keyOf: (login: LocatedLogin) => string;
}

/**
 * Refuses attempts to log in before anything is looked up, once too many failed: of the same user from the same address, or
 * from the same address. Never of a user alone, which would let a stranger lock anyone out; so a client whose
 * address is not known is not counted.
 */
export class Throttle {
  readonly #secret: string = randomBytes(32).toString('base64');
  readonly #rules: readonly Rule[];
  readonly #running = new Map<string, Promise<Verdict>>();
  readonly #refusals = new HeldRefusals();

  /** @throws MisuseError when `store` makes no counters */
  constructor(settings: ThrottleSettings) {
    this.#rules = settings.enabled ? rulesOf(settings) : [];
  }

  /**
   * Judges an attempt. Many equal ones at once are one; each of them counts where it fails.
   *
   * @throws ThrottledError; what `judge` throws
   */
  async attempt(login: Login, judge: Judge): Promise<Verdict> {
    if (!isLocated(login) || this.#rules.length === 0) return judge();
    const key = hash('sha256', this.#secret + framed(login), 'base64url');
    const running = this.#running.get(key);
    if (running !== undefined) return this.#join(running, login);
    const judged = this.#judge(login, judge)
      .catch((error: unknown) => this.#refuse(error))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, judged);
    return judged;
  }

  async #refuse(error: unknown): Promise<never> {
    if (error instanceof ThrottledError) await this.#refusals.hold();
    throw error;
  }

  async #join(running: Promise<Verdict>, login: LocatedLogin): Promise<Verdict> {
    const verdict = await running;
    if (!verdict.isRight) {
      await Promise.all(this.#rules.map(({ limit, keyOf }) => limit.count(keyOf(login))));
    }
    return verdict;
  }

  async #judge(login: LocatedLogin, judge: Judge): Promise<Verdict> {
    const begun: End[] = [];
    let outcome: Outcome = 'not judged';
    try {
      for (const { limit, keyOf } of this.#rules) begun.push(await limit.begin(keyOf(login)));
      const verdict = await judge();
      outcome = verdict.isRight ? 'right' : 'wrong';
      return verdict;
    } finally {
      await Promise.all(begun.map((end) => end(outcome)));
    }
  }
}

function isLocated(login: Login): login is LocatedLogin {
  return login.address !== undefined;
}

function framed({ name, password, address }: LocatedLogin): string {
  return JSON.stringify([name, password, address]);
}

function rulesOf(settings: ThrottleSettings): Rule[] {
  const { failuresPerUser, failuresPerAddress } = settings;
  const rules: Rule[] = [];
  if (failuresPerUser > 0) {
    rules.push({
      limit: new FailureLimit({
        counter: counterOf('kapacitor_auth_user', failuresPerUser, settings),
        limit: failuresPerUser,
        isCleared: true,
      }),
      // A digest is short, whatever names a client makes up. An address holds no space.
      keyOf: ({ name, address }) => hash('sha256', `${address} ${name}`, 'base64url'),
    });
  }
  if (failuresPerAddress > 0) {
    rules.push({
      limit: new FailureLimit({
        counter: counterOf('kapacitor_auth_address', failuresPerAddress, settings),
        limit: failuresPerAddress,
        // Else who has a password could guess those of others without end.
        isCleared: false,
      }),
      keyOf: ({ address }) => address,
    });
  }
  return rules;
}

function counterOf(
  keyPrefix: string,
  points: number,
  { window, store, logger }: ThrottleSettings,
): FailureCounter {
  const memory = new FailureMemory({ window });
  if (store === undefined) return memory;
  const counter: unknown = store({ keyPrefix, points, duration: Math.ceil(window / 1000) });
  if (!isCounter(counter)) {
    throw new MisuseError(
      'throttleStore must return a limiter of rate-limiter-flexible, or an object with functions penalty, reward and delete',
    );
  }
  const onFailure = (): void => {
    warnOnce(
      'WRN_KAUTH_THROTTLE_STORE',
      'the limiter of throttleStore fails: while it does, failed logins are counted in this process only',
      logger,
    );
  };
  return new InsuredCounter({ counter, insurance: memory, onFailure });
}

function isCounter(value: unknown): value is FailureCounter {
  if (typeof value !== 'object' || value === null) return false;
  return ['penalty', 'reward', 'delete'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}
