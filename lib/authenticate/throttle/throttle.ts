import { hash } from 'node:crypto';
import { MisuseError, ThrottledError } from '../../errors.js';
import { KeyedDigest } from '../../keyed-digest.js';
import type { Logger } from '../../logger.js';
import type { FailureCounter, ThrottleStore } from '../../stores/failure-counter.js';
import { warnOnce } from '../../warnings.js';
import { BoundedMemory } from '../bounded-memory.js';
import { describeCounterFailure } from '../describe-failure.js';
import { DelayedRefusals } from './delayed-refusals.js';
import type { End, Outcome } from './failure-limit.js';
import { FailureLimit } from './failure-limit.js';
import { FailureMemory } from './failure-memory.js';
import { FallbackCounter } from './fallback-counter.js';

/** Limits of failed logins. */
export interface ThrottleSettings {
  readonly enabled: boolean;
  /** Failures of one user from one address; 0 for any number. */
  readonly failuresPerUser: number;
  /** Failures from one address; 0 for any number. */
  readonly failuresPerAddress: number;
  /** Milliseconds. */
  readonly window: number;
  /** Counts failures instead of this process' memory. */
  readonly store: ThrottleStore | undefined;
  /** Resolves once `store` can be asked. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly logger: Logger;
}

/** Limit of remembered wrong passwords that were counted, per rule. */
const MAX_COUNTED = 32_768;

/** A client that tries to log in. */
export interface Client {
  readonly name: string;
  /** The client's address; undefined if it is unknown. */
  readonly address: string | undefined;
}

/** An attempt to log in. */
export interface Login extends Client {
  readonly password: string;
  /**
   * The version of the users at the start of the attempt. An attempt never shares the verdict of
   * one that was judged by another version.
   */
  readonly version: number;
}

/** The outcome of a judged attempt. */
export interface Judged {
  readonly isRight: boolean;
}

type Located<T extends Client> = T & { readonly address: string };

interface Rule {
  readonly limit: FailureLimit;
  readonly counter: FailureCounter;
  readonly keyOf: (client: Located<Client>) => string;
  /**
   * True if a guess counts that could not be judged: bcrypt had no room for it, or the store gave
   * no answer.
   */
  readonly countsUnjudged: boolean;
  /** The wrong passwords that were counted, by the keys of their attempts. */
  readonly counted: BoundedMemory<true>;
}

interface Running<V> {
  readonly version: number;
  readonly verdict: Promise<V>;
}

/**
 * Refuses logins before any look-up once too many failed: of one user from one address, or from one
 * address. It never counts by user alone, as that would let a stranger lock anyone out. So a client
 * whose address is unknown is not counted.
 *
 * The same wrong password of a user from an address counts once per window. An agent that goes on
 * with an old password doesn't guess, so it uses up only one of the attempts of its address.
 */
export class Throttle<V extends Judged> {
  readonly #digest = new KeyedDigest();
  readonly #rules: readonly Rule[];
  readonly #running = new Map<string, Running<V>>();
  readonly #refusals = new DelayedRefusals();

  /** @throws MisuseError if `store` makes no counters */
  constructor(settings: ThrottleSettings) {
    this.#rules = settings.enabled ? rulesOf(settings) : [];
  }

  /** Tries the counters that processes share; warns if one fails, before anybody logs in. */
  async probe(): Promise<void> {
    const shared = this.#rules.flatMap(({ counter }) =>
      counter instanceof FallbackCounter ? [counter] : [],
    );
    await Promise.all(shared.map((counter) => counter.probe()));
  }

  /** False if no client can be refused: requests need not ask {@link Throttle.mayRefuse} then. */
  get isAlert(): boolean {
    // Each request of a remembered password asks: without a function to call for each rule.
    for (const { limit } of this.#rules) if (limit.mayRefuse) return true;
    return false;
  }

  /** Returns true if the next attempt of a client may have to wait or be refused. */
  mayRefuse(client: Client): boolean {
    return isLocated(client) && this.#rules.some(({ limit, keyOf }) => limit.isFull(keyOf(client)));
  }

  /**
   * Judges an attempt. Equal attempts at the same time are judged once.
   *
   * @throws ThrottledError; OverloadedError; what `judge` throws
   */
  async attempt(login: Login, judge: () => Promise<V>): Promise<V> {
    if (!isLocated(login) || this.#rules.length === 0) return judge();
    const key = this.#digest.of(framed(login));
    const running = this.#running.get(key);
    if (running?.version === login.version) return running.verdict;
    const verdict = this.#judge(login, key, judge)
      .catch((error: unknown) => this.#refuse(error))
      .finally(() => {
        if (this.#running.get(key)?.verdict === verdict) this.#running.delete(key);
      });
    this.#running.set(key, { version: login.version, verdict });
    return verdict;
  }

  async #refuse(error: unknown): Promise<never> {
    if (error instanceof ThrottledError) await this.#refusals.hold();
    throw error;
  }

  async #judge(login: Located<Login>, key: string, judge: () => Promise<V>): Promise<V> {
    const begun: { readonly rule: Rule; readonly end: End }[] = [];
    let ended: Ended = 'refused';
    try {
      for (const rule of this.#rules) {
        begun.push({ rule, end: await rule.limit.begin(rule.keyOf(login)) });
      }
      ended = 'not judged';
      const verdict = await judge();
      ended = verdict.isRight ? 'right' : 'wrong';
      return verdict;
    } finally {
      await Promise.all(begun.map(({ rule, end }) => end(outcomeFor(rule, key, ended))));
    }
  }
}

/** The end of an attempt: its verdict, or why there is none. */
type Ended = 'right' | 'wrong' | 'not judged' | 'refused';

function outcomeFor({ counted, countsUnjudged }: Rule, key: string, ended: Ended): Outcome {
  if (ended === 'right') return 'right';
  // Otherwise guesses would be free while they can't be judged, and a remembered password would
  // stand out as the right one.
  const isGuess = ended === 'wrong' || (ended === 'not judged' && countsUnjudged);
  if (!isGuess) return 'not judged';
  if (counted.has(key)) return 'repeated';
  counted.set(key, true);
  return 'wrong';
}

function isLocated<T extends Client>(client: T): client is Located<T> {
  return client.address !== undefined;
}

function framed({ name, password, address }: Located<Login>): string {
  return JSON.stringify([name, password, address]);
}

function rulesOf(settings: ThrottleSettings): Rule[] {
  const { failuresPerUser, failuresPerAddress, window } = settings;
  const counted = (): BoundedMemory<true> =>
    new BoundedMemory({ max: MAX_COUNTED, lifetime: Math.max(1, window) });
  const rules: Rule[] = [];
  if (failuresPerUser > 0) {
    const counter = counterOf('kapacitor_auth_user', failuresPerUser, settings);
    rules.push({
      counter,
      limit: new FailureLimit({ counter, limit: failuresPerUser, isCleared: true }),
      countsUnjudged: true,
      counted: counted(),
      // The digest is short, whatever names a client makes up. An address holds no space.
      keyOf: ({ name, address }) => hash('sha256', `${address} ${name}`, 'base64url'),
    });
  }
  if (failuresPerAddress > 0) {
    const counter = counterOf('kapacitor_auth_address', failuresPerAddress, settings);
    rules.push({
      counter,
      // Otherwise a user could clear the address by logging in, and guess the passwords of others
      // without end.
      limit: new FailureLimit({ counter, limit: failuresPerAddress, isCleared: false }),
      // Otherwise a flood from elsewhere, or an outage, would lock out everybody who shares an
      // address and logs in meanwhile.
      countsUnjudged: false,
      counted: counted(),
      keyOf: ({ address }) => address,
    });
  }
  return rules;
}

function counterOf(
  keyPrefix: string,
  points: number,
  { window, store, ready, logger }: ThrottleSettings,
): FailureCounter {
  const memory = new FailureMemory({ window });
  if (store === undefined) return memory;
  const counter: unknown = store({ keyPrefix, points, duration: Math.ceil(window / 1000) });
  if (!isCounter(counter)) {
    throw new MisuseError(
      'throttleStore must return a limiter of rate-limiter-flexible, or an object with functions penalty, reward and delete',
    );
  }
  const onFailure = (error: unknown): void => {
    const reason = describeCounterFailure(error);
    warnOnce(
      'WRN_KAUTH_THROTTLE_STORE',
      `failed logins can't be counted together with other processes: ${reason}; until they can, they are counted in this process only`,
      logger,
    );
  };
  return new FallbackCounter({ counter, insurance: memory, onFailure, ready });
}

function isCounter(value: unknown): value is FailureCounter {
  if (typeof value !== 'object' || value === null) return false;
  return ['penalty', 'reward', 'delete'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}
