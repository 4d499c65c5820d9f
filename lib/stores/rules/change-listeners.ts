import type { UserChangeListener } from '../user-store.js';

/** Those who asked a store to be told of changes. */
export class ChangeListeners {
  readonly #listeners = new Set<{ readonly listener: UserChangeListener }>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Adds a listener (the same one twice is told twice) and returns the function that removes it. */
  add(listener: UserChangeListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Tells all that the user of this name changed, or that any may have. */
  tell(name?: string): void {
    for (const { listener } of this.#listeners) listener(name);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
