import type { StoredUser } from '../user-store.js';

/** Returns true if two users, each of which may be missing, are the same in all that is stored. */
export function isSameUser(a: StoredUser | undefined, b: StoredUser | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a === b ||
    (a.name === b.name &&
      a.type === b.type &&
      a.hash === b.hash &&
      isSameList(a.permissions, b.permissions) &&
      isSameList(a.grants ?? [], b.grants ?? []))
  );
}

/** Returns true if two lists hold the same items in the same order. */
export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
