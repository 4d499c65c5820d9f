import { isRecord } from '../../is-record.js';
import type { UserMap } from '../in-memory/user-map.js';
import { isSameList } from '../rules/same-user.js';

/**
 * Finds the known user that a record repeats in full and without a difference. That user was
 * checked before.
 */
export function recallUser(record: unknown, known: UserMap): ReturnType<UserMap['get']> {
  if (!isRecord(record) || typeof record['name'] !== 'string') return undefined;
  const user = known.get(record['name']);
  if (user === undefined) return undefined;
  const properties = Object.entries(user);
  const isSame =
    Object.keys(record).length === properties.length &&
    properties.every(([key, value]) => isSameValue(record[key], value));
  return isSame ? user : undefined;
}

/** Compares values that are no objects, or lists of them. */
function isSameValue(recorded: unknown, known: unknown): boolean {
  if (!Array.isArray(known)) return recorded === known;
  return Array.isArray(recorded) && isSameList(recorded, known);
}
