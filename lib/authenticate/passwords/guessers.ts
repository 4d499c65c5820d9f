import { BoundedMemory } from '../bounded-memory.js';

/** Limit of remembered lanes with wrong passwords, and the milliseconds for which they count. */
const MAX_LANES = 4_096;
const WINDOW = 10_000;

/**
 * Wrong passwords of a lane in that time that are taken for mistakes: who shares an address with
 * somebody who guesses on so slowly is not slowed down by it. To guess faster for long, the
 * throttle must be off.
 */
export const TOLERATED = 20;

/** Wrong passwords that are taken for mistakes of all lanes together, but for those of guessers. */
export const TOLERATED_TOGETHER = 60;

/**
 * Knows the lanes that guess: many wrong passwords came from them of late. If too many came from
 * other lanes together, each of those that sent one is taken for a guesser too, as a flood may come
 * from many addresses.
 */
export class Guessers {
  readonly #lanes = new BoundedMemory<WrongPasswords>({ max: MAX_LANES, lifetime: WINDOW });
  readonly #others = new WrongPasswords(TOLERATED_TOGETHER);

  /** Notes that a password from this lane was wrong. */
  note(lane: string): void {
    const now = performance.now();
    const noted = this.#lanes.get(lane) ?? new WrongPasswords(TOLERATED);
    if (!noted.areTooMany(now)) this.#others.note(now);
    noted.note(now);
    // Kept for another ten seconds.
    this.#lanes.set(lane, noted);
  }

  has(lane: string): boolean {
    const noted = this.#lanes.get(lane);
    if (noted === undefined) return false;
    const now = performance.now();
    return noted.areTooMany(now) || this.#others.areTooMany(now);
  }
}

/** Counts wrong passwords. They are too many for ten seconds from the last one beyond the limit. */
class WrongPasswords {
  readonly #tolerated: number;
  #count = 0;
  /** In milliseconds of this process' steady clock, as is the next. */
  #windowEndsAt = 0;
  #tooManyUntil = 0;

  constructor(tolerated: number) {
    this.#tolerated = tolerated;
  }

  note(now: number): void {
    if (now >= this.#windowEndsAt) {
      this.#count = 0;
      this.#windowEndsAt = now + WINDOW;
    }
    this.#count += 1;
    if (this.#count > this.#tolerated) this.#tooManyUntil = now + WINDOW;
  }

  areTooMany(now: number): boolean {
    return now < this.#tooManyUntil;
  }
}
