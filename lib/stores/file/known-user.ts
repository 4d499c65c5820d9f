import type { UserMap } from '../in-memory/user-map.js';
import { isSameList } from '../rules/same-user.js';

/** How many keys a whole record of a user has. */
const KEYS = 4;

/** The known user that a record of the file says in full and without a difference: it was judged before. */
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
