import type { UserMap } from '../in-memory/user-map.js';
import { isSameList } from '../rules/same-user.js';

/** Number of keys in a complete record of a user without grants. */
const KEYS = 4;

/**
 * Finds the known user that a record repeats in full and without a difference. That user was
 * checked before.
 */
export function recallUser(record: unknown, known: UserMap): ReturnType<UserMap['get']> {
  if (!isObject(record) || typeof record['name'] !== 'string') return undefined;
  const user = known.get(record['name']);
  if (user === undefined) return undefined;
  const { type, hash, permissions, grants } = record;
  const isSame =
    type === user.type &&
    hash === user.hash &&
    Array.isArray(permissions) &&
    isSameList(permissions, user.permissions) &&
    isSameGrants(grants, user.grants);
  const keys = user.grants === undefined ? KEYS : KEYS + 1;
  return isSame && Object.keys(record).length === keys ? user : undefined;
}

function isSameGrants(recorded: unknown, known: readonly string[] | undefined): boolean {
  if (known === undefined) return recorded === undefined;
  return Array.isArray(recorded) && isSameList(recorded, known);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
