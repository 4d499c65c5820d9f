import { Durations } from './durations.js';
import type { Refusal } from './outcomes.js';
import { REFUSALS } from './outcomes.js';

/** Bounds from the time of bcrypt's cost 4 to that of cost 15, in seconds. */
const BCRYPT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Bounds from a look-up in memory to the deadline, in seconds. */
const STORE_SECONDS = [0.00005, 0.0001, 0.00025, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5];

/** Look-ups in a cache. */
export class Recalls {
  hits = 0;
  misses = 0;
}

/** The number of refusals for one reason. */
export interface CountedRefusal {
  readonly outcome: Refusal;
  count: number;
}

/**
 * All counts, as plain numbers: counting costs next to nothing, and they are read when metrics are
 * wanted.
 */
export class Tally {
  /** Requests that were let in, not counting those by remembered credentials. */
  identified = 0;
  /** Look-ups of verified credentials; each hit is a request that was let in. */
  readonly credentials: Recalls = new Recalls();
  /** Look-ups of users. */
  readonly users: Recalls = new Recalls();
  /** Refused requests by code; nothing that a client sends adds a code. */
  readonly refusals: ReadonlyMap<string, CountedRefusal> = noRefusals();
  /** Requests that passed only because refusals are reported and not made, by code. */
  readonly reports: ReadonlyMap<string, CountedRefusal> = noRefusals();
  /** Failures of the store to open or to answer. */
  storeErrors = 0;
  /** Running requests whose user could no longer be there. */
  revoked = 0;
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
