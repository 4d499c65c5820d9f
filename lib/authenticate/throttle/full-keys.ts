import { BoundedMemory } from '../bounded-memory.js';

/** Limit of noted keys; beyond it the oldest are forgotten. */
const MAX_KEYS = 32_768;

/**
 * The keys whose next attempt may not begin at once. Every remembered request asks if there are
 * any; one comparison answers if there are none.
 */
export class FullKeys {
  /** The end of each key's window, in milliseconds of this process' steady clock. */
  readonly #ends = new BoundedMemory<number>({ max: MAX_KEYS });
  #lastEnd = 0;

  /** True if any key may be full. */
  get any(): boolean {
    return this.#lastEnd !== 0 && performance.now() < this.#lastEnd;
  }

  /** @param milliseconds - until the key's window ends */
  add(key: string, milliseconds: number): void {
    const end = performance.now() + milliseconds;
    this.#ends.set(key, end);
    this.#lastEnd = Math.max(this.#lastEnd, end);
  }

  has(key: string): boolean {
    const end = this.#ends.get(key);
    return end !== undefined && performance.now() < end;
  }

  delete(key: string): void {
    if (this.#ends.delete(key) && this.#ends.size === 0) this.#lastEnd = 0;
  }
}
