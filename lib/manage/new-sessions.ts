import { randomBytes } from 'node:crypto';
import { MisuseError } from '../errors.js';
import type { UserChanges, UserStore } from '../stores/user-store.js';

/** Bytes of the text: nobody guesses it, nor does it come twice. */
const BYTES = 16;

const KEEPS_NO_SESSIONS =
  'this store can not end the sessions of a user: if it keeps "sessions" of users, set keepsSessions (UserStore); ' +
  'otherwise change the password';

/**
 * The change that ends all sessions of a user.
 *
 * @throws MisuseError if the app's own store does not keep it
 */
export function newSessions({ keepsSessions = false }: UserStore): UserChanges {
  if (!keepsSessions) throw new MisuseError(KEEPS_NO_SESSIONS);
  return { sessions: randomBytes(BYTES).toString('base64url') };
}

/**
 * A change that also ends the sessions of a user who is disabled, or becomes a user of another
 * type: they must not count again once that is taken back.
 */
export async function endingSessions(
  changes: UserChanges,
  store: UserStore,
  name: string,
): Promise<UserChanges> {
  if (store.keepsSessions !== true) return changes;
  const { disabled, type } = changes;
  const ends = disabled === true || (type !== undefined && type !== (await store.find(name))?.type);
  return ends ? { ...changes, ...newSessions(store) } : changes;
}
