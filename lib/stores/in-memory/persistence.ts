import type { MaybePromise } from '../../maybe-promise.js';
import type { UserSource } from '../user-store.js';
import type { UserMap } from './user-map.js';

/** Takes over the present users; `changed` names those who differ from before. */
export type AdoptUsers = (users: UserMap, changed: readonly string[]) => void;

/** The outcome of a change. */
export interface Revision {
  readonly users: UserMap;
  /** The names of the users who were added, removed or changed. */
  readonly changed: readonly string[];
}

/** Makes the users of an `InMemoryStore` last. */
export interface Persistence {
  /**
   * Calls `adopt` with the users before it resolves, and later whenever others changed them. Does
   * nothing if it is open already.
   */
  open(adopt: AdoptUsers): Promise<void>;
  /**
   * Applies a revision to the present users, one at a time, and has them adopted before it
   * resolves.
   *
   * @param revise - called again, with the new users, if others changed them meanwhile
   * @throws StoreUnavailableError if it isn't open or can't do so; whatever `revise` throws
   */
  change<Outcome extends Revision>(revise: (users: UserMap) => Outcome): Promise<Outcome>;
  /** As in `UserSource`. */
  readonly catchUp?: UserSource['catchUp'];
  /** Waits for changes under way; after that no users are adopted. */
  close(): MaybePromise<void>;
}
