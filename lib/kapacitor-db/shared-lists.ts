/** At most so many different lists are remembered. */
const MOST_LISTS = 4_096;

/** Gives equal lists as one object: many users of a file have the same rights. */
export class SharedLists<T extends string> {
  readonly #lists = new Map<string, readonly T[]>();

  share(list: readonly T[]): readonly T[] {
    const key = JSON.stringify(list);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    if (this.#lists.size < MOST_LISTS) this.#lists.set(key, list);
    return list;
  }
}
