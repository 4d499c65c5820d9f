import { isUserStore } from '../../stores/user-store.js';
import type { Authenticator } from '../authenticator.js';
import type { GuardedStore } from '../guarded-store.js';
import type { UserCache } from '../user-cache.js';
import { LogOuts } from './log-outs.js';
import { SealedSessions } from './sealed-sessions.js';

export interface OpenSessionsParts {
  readonly store: GuardedStore;
  readonly users: UserCache;
  readonly authenticator: Authenticator;
  /** `http.shared-secret`; empty for a key of this process. */
  readonly sharedSecret: string;
  /** Ends all sessions of a user; it is asked only if the store keeps them. */
  readonly endSessions: (name: string) => Promise<unknown>;
}

/** Makes the sessions of a middleware out of its parts. */
export function openSessions({
  store,
  users,
  authenticator,
  sharedSecret,
  endSessions,
}: OpenSessionsParts): SealedSessions {
  const { store: source } = store;
  const canEnd = isUserStore(source) && source.keepsSessions === true;
  return new SealedSessions({
    ...{ authenticator, users, sharedSecret },
    logOuts: new LogOuts({ store, endSessions: canEnd ? endSessions : undefined }),
    mayBeStale: () => source.mayBeStale === true || source.watch === undefined,
  });
}
