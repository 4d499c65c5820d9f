import { Durations } from './durations.js';
import type { Refusal } from './outcomes.js';
import { REFUSALS } from './outcomes.js';

/** From what bcrypt's cost 4 takes to what cost 15 takes, in seconds. */
const BCRYPT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** From a look-up in memory to the deadline, in seconds. */
const STORE_SECONDS = [0.00005, 0.0001, 0.00025, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5];

/** Answers of a memory. */
export class Recalls {
  hits = 0;
  misses = 0;
}

/** How often requests were refused for one reason. */
export interface CountedRefusal {
  readonly outcome: Refusal;
  count: number;
}

/** What was counted: plain numbers, so that to count costs next to nothing; they are read when somebody asks for metrics. */
export class Tally {
  /** Requests that were let in after their credentials were read. */
  identified = 0;
  /** Credentials that were verified before; each hit is a request that was let in. */
  readonly credentials: Recalls = new Recalls();
  /** Users that were looked up before. */
  readonly users: Recalls = new Recalls();
  /** Requests that were not served, by code; nothing that a client sends adds a code. */
  readonly refusals: ReadonlyMap<string, CountedRefusal> = noRefusals();
  /** Times that the store failed to open or to answer. */
  storeErrors = 0;
  readonly bcrypt: Durations = new Durations(BCRYPT_SECONDS);
  readonly store: Durations = new Durations(STORE_SECONDS);

  /** Requests that were let in. */
  get authenticated(): number {
    return this.identified + this.credentials.hits;
  }
}

function noRefusals(): ReadonlyMap<string, CountedRefusal> {
  return new Map(
    Object.entries(REFUSALS).flatMap(([code, outcome]) =>
      outcome === undefined ? [] : [[code, { outcome, count: 0 }] as const],
    ),
  );
}
