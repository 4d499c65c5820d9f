/** A remembered value, between the one used after it and the one used before it. */
interface Entry<V> {
  readonly key: string;
  value: V;
  /** In milliseconds of this process' steady clock. */
  endsAt: number;
  newer: Entry<V> | undefined;
  older: Entry<V> | undefined;
}

/** Options of a {@link BoundedMemory}. */
export interface BoundedMemoryOptions {
  /** At most so many keys are remembered. */
  readonly max: number;
  /** Milliseconds for which a value is remembered; without end if left out. */
  readonly lifetime?: number | undefined;
}

/**
 * Remembers a bounded number of values. Beyond the bound it forgets the one that was longest not
 * used; each operation takes the same short time, however many there are.
 *
 * It is our own since the packages that do the same, `lru-cache` and `lru.min`, allocate all places
 * at once: the ten memories of a start, most of them of 32,768 places, then take more than 20 ms
 * and 13 MB, even if nobody ever logs in.
 */
export class BoundedMemory<V> {
  readonly #max: number;
  readonly #lifetime: number;
  readonly #entries = new Map<string, Entry<V>>();
  #newest: Entry<V> | undefined;
  #oldest: Entry<V> | undefined;

  constructor({ max, lifetime = Infinity }: BoundedMemoryOptions) {
    this.#max = max;
    this.#lifetime = lifetime;
  }

  /** The number of remembered keys, also of those whose time is over. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which is the last used one from now on. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (isOver(entry)) {
      this.#remove(entry);
      return undefined;
    }
    this.#use(entry);
    return entry.value;
  }

  /** Returns true if the key has a value; that is no use of it. */
  has(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && !isOver(entry);
  }

  /** @param lifetime - milliseconds, if another than usual */
  set(key: string, value: V, lifetime: number = this.#lifetime): void {
    const endsAt = lifetime === Infinity ? Infinity : performance.now() + lifetime;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      known.endsAt = endsAt;
      this.#use(known);
      return;
    }
    if (this.#entries.size >= this.#max && this.#oldest !== undefined) this.#remove(this.#oldest);
    const entry = { key, value, endsAt, newer: undefined, older: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
  }

  /** Returns true if there was a value. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#remove(entry);
    return !isOver(entry);
  }

  #use(entry: Entry<V>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #append(entry: Entry<V>): void {
    entry.newer = undefined;
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #remove(entry: Entry<V>): void {
    this.#entries.delete(entry.key);
    this.#unlink(entry);
  }

  #unlink({ newer, older }: Entry<V>): void {
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
  }
}

function isOver({ endsAt }: { readonly endsAt: number }): boolean {
  return endsAt !== Infinity && performance.now() >= endsAt;
}
