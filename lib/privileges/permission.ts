/** A permission that an operator grants a local user, by Kapacitor's names. */
export type Permission = 'none' | 'api' | 'config_api' | 'write_points' | 'all';

/** All permissions, in the order in which they are shown. */
export const PERMISSIONS: readonly Permission[] = [
  'none',
  'api',
  'config_api',
  'write_points',
  'all',
];

/** The permissions that together make `all`. */
const PARTS: readonly Permission[] = ['api', 'config_api', 'write_points'];

/** Returns true if a value is the name of a permission. */
export function isPermission(value: unknown): value is Permission {
  return PERMISSIONS.some((permission) => permission === value);
}

/**
 * The one way to write a set of permissions: no repetition, no `none`, in a fixed order, and `all`
 * instead of its three parts (as Kapacitor's users API reads them back).
 */
export function canonicalPermissions(permissions: readonly Permission[]): readonly Permission[] {
  const granted = new Set(permissions);
  const isAll = granted.has('all') || PARTS.every((part) => granted.has(part));
  return Object.freeze<Permission[]>(isAll ? ['all'] : PARTS.filter((part) => granted.has(part)));
}

/** Returns true if the held permissions cover the asked one. */
export function coversPermission(held: readonly Permission[], asked: Permission): boolean {
  const canonical = canonicalPermissions(held);
  return asked === 'none' || canonical.includes('all') || canonical.includes(asked);
}
