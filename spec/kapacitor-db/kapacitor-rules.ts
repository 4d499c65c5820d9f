import { posix } from 'node:path';

/** Kapacitor's own rules (`auth/auth.go`), bit by bit, to compare with. */
const MASK: Readonly<Record<string, number>> = { none: 1, read: 2, write: 4, delete: 8, all: 16 };
const BY_NUMBER = ['none', 'read', 'write', 'delete', 'all'];

/** Returns what Kapacitor answers for a user with such privileges. */
export function kapacitorAllows(
  privileges: Readonly<Record<string, readonly number[]>>,
  privilege: string,
  resource: string,
): boolean {
  const masks = new Map(
    Object.entries(privileges).map(([place, numbers]) => [
      posix.normalize(place),
      numbers.reduce((mask, number) => mask | (MASK[BY_NUMBER[number] ?? ''] ?? 0), 0),
    ]),
  );
  for (let path = posix.normalize(resource); ; path = posix.dirname(path)) {
    const mask = masks.get(path);
    if (mask !== undefined) return (mask & (MASK[privilege] ?? 0)) !== 0 || mask === MASK.all;
    if (path === '/') return false;
  }
}
