import type { StoredUser } from '../user-store.js';

/** The properties of a stored user that are no lists. */
const TEXTS = ['name', 'type', 'hash', 'created', 'changed', 'sessions'] as const;

/** Returns true if two users, each of which may be missing, are the same in all that is stored. */
export function isSameUser(a: StoredUser | undefined, b: StoredUser | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a === b ||
    (TEXTS.every((key) => a[key] === b[key]) &&
      (a.disabled === true) === (b.disabled === true) &&
      isSameList(a.permissions, b.permissions) &&
      isSameList(a.grants ?? [], b.grants ?? []))
  );
}

/** Returns true if two lists hold the same items in the same order. */
export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
