import type { UserChangeListener } from '../user-store.js';

/** Listeners for the changes of a store. */
export class ChangeListeners {
  readonly #listeners = new Set<{ readonly listener: UserChangeListener }>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /**
   * Adds a listener (one that is added twice is called twice). Returns a function that removes it.
   */
  add(listener: UserChangeListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /**
   * Tells all listeners that the user of this name changed; without a name, that any user may have.
   */
  tell(name?: string): void {
    for (const { listener } of this.#listeners) listener(name);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
