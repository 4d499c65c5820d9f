import type { GuardedStore } from '../authenticate/guarded-store.js';
import type { Passwords } from '../authenticate/passwords/passwords.js';
import type { Reporter } from '../observe/reporter.js';
import { isUserStore } from '../stores/user-store.js';
import { Users } from './users.js';

/** The users of a source, if they can be changed. */
export function usersOf(
  opened: GuardedStore,
  passwords: Passwords,
  reporter: Reporter,
): Users | undefined {
  const { store } = opened;
  if (!isUserStore(store)) return undefined;
  return new Users({
    store,
    passwords,
    guarded: opened,
    changed: (event) => {
      reporter.userChanged(event);
    },
  });
}
