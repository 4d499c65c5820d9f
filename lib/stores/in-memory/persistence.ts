import { StoreUnavailableError } from '../../errors.js';
import type { UserMap } from './user-map.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { UserSource } from '../user-store.js';

/** What makes the users of a `MapUserStore` last. */
export interface UserBackend {
  /**
   * Calls `adopt` with the users before it resolves, and from then on whenever others changed them. Does
   * nothing when it is open.
   */
  open(adopt: (users: UserMap) => void): Promise<void>;
  /**
   * Carries out a revision of the users as they are now, one at a time, and has them adopted before it
   * resolves.
   *
   * @throws StoreUnavailableError when it isn't open or can't; whatever `revise` throws
   */
  change<Revision extends { readonly users: UserMap }>(
    revise: (users: UserMap) => Revision,
  ): Promise<Revision>;
  /** As `UserSource` has it. */
  readonly catchUp?: UserSource['catchUp'];
  /** Ends what is under way; no user is adopted any more. */
  close(): MaybePromise<void>;
}

/** The error of using a store that was not opened, or was closed. */
export function notOpen(): StoreUnavailableError {
  return new StoreUnavailableError('the user store is not open');
}
