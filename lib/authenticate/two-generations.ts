import NodeCache from 'node-cache';

/**
 * A bounded memory by name. It has two generations: a full young one becomes the old one, and
 * entries of the old one that are used move to the young one.
 */
export class TwoGenerations<T> {
  readonly #seconds: number;
  readonly #most: number;
  #young: NodeCache;
  #old: NodeCache;

  /**
   * @param most - the number of entries per generation
   * @param milliseconds - the time for which an entry is kept
   */
  constructor(most: number, milliseconds: number) {
    this.#most = most;
    this.#seconds = Math.max(1, milliseconds / 1000);
    this.#young = this.#generation();
    this.#old = this.#generation();
  }

  get(name: string): T | undefined {
    const key = cacheKey(name);
    const young = this.#young.get<T>(key);
    if (young !== undefined) return young;
    const old = this.#old.take<T>(key);
    if (old !== undefined) this.#set(key, old);
    return old;
  }

  set(name: string, value: T): void {
    this.#set(cacheKey(name), value);
  }

  forget(name: string): void {
    for (const cache of [this.#young, this.#old]) cache.del(cacheKey(name));
  }

  clear(): void {
    for (const cache of [this.#young, this.#old]) cache.flushAll();
  }

  close(): void {
    for (const cache of [this.#young, this.#old]) cache.close();
  }

  #set(key: string, value: T): void {
    if (this.#young.getStats().keys >= this.#most) {
      this.#old.close();
      this.#old = this.#young;
      this.#young = this.#generation();
    }
    this.#young.set(key, value);
  }

  #generation(): NodeCache {
    const stdTTL = this.#seconds;
    return new NodeCache({ useClones: false, stdTTL, checkperiod: Math.min(stdTTL, 600) });
  }
}

/** node-cache keeps its entries in a plain object, in which `__proto__` is a special key. */
function cacheKey(name: string): string {
  return `user:${name}`;
}
