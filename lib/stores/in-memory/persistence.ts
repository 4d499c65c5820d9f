import { StoreUnavailableError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { UserSource } from '../user-store.js';
import type { UserMap } from './user-map.js';

/** Is given the users as they are now, and the names of those that are others than before. */
export type AdoptUsers = (users: UserMap, changed: readonly string[]) => void;

/** What a change of users came to. */
export interface Revision {
  readonly users: UserMap;
  /** The names of the users that were added, removed or changed. */
  readonly changed: readonly string[];
}

/** What makes the users of a `InMemoryStore` last. */
export interface Persistence {
  /**
   * Calls `adopt` with the users before it resolves, and from then on whenever others changed them. Does
   * nothing when it is open.
   */
  open(adopt: AdoptUsers): Promise<void>;
  /**
   * Carries out a revision of the users as they are now, one at a time, and has them adopted before it
   * resolves.
   *
   * @param revise - called again, with what others have made of the users, if they changed them meanwhile
   * @throws StoreUnavailableError when it isn't open or can't; whatever `revise` throws
   */
  change<Outcome extends Revision>(revise: (users: UserMap) => Outcome): Promise<Outcome>;
  /** As `UserSource` has it. */
  readonly catchUp?: UserSource['catchUp'];
  /** Ends what is under way; no user is adopted any more. */
  close(): MaybePromise<void>;
}

/** The error of using a store that was not opened, or was closed. */
export function notOpen(): StoreUnavailableError {
  return new StoreUnavailableError('the user store is not open');
}
