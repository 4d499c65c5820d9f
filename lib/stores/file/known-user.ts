import type { UserMap } from '../in-memory/user-map.js';
import { isSameList } from '../rules/same-user.js';

/** Number of keys in a complete record of a user. */
const KEYS = 4;

/**
 * Finds the known user that a record repeats in full and without a difference. That user was
 * checked before.
 */
export function recallUser(record: unknown, known: UserMap): ReturnType<UserMap['get']> {
  if (!isObject(record) || typeof record['name'] !== 'string') return undefined;
  const user = known.get(record['name']);
  if (user === undefined) return undefined;
  const { type, hash, permissions } = record;
  const isSame =
    type === user.type &&
    hash === user.hash &&
    Array.isArray(permissions) &&
    isSameList(permissions, user.permissions);
  return isSame && Object.keys(record).length === KEYS ? user : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
