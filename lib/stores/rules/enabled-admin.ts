import type { StoredUser } from '../user-store.js';

/** Returns true if a user is an administrator who can log in. */
export function isEnabledAdmin({ type, disabled }: StoredUser): boolean {
  return type === 'admin' && disabled !== true;
}
