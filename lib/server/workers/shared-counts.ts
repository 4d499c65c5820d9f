import { FailureMemory } from '../../index.js';
import type { CountQuestion } from './questions.js';

/** The failed logins of all workers, in the memory of the primary. */
export class SharedCounts {
  readonly #memories = new Map<string, FailureMemory>();

  /** Counts for a worker. */
  count({ operation, keyPrefix, duration, key, points }: CountQuestion): unknown {
    const memory = this.#memories.get(keyPrefix) ?? new FailureMemory({ window: duration * 1_000 });
    this.#memories.set(keyPrefix, memory);
    switch (operation) {
      case 'penalty':
        return memory.penalty(key, points);
      case 'reward': {
        memory.reward(key, points);
        return;
      }
      case 'delete': {
        memory.delete(key);
        return;
      }
    }
  }
}
