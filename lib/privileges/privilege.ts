/** An action on a resource: `all` is read, write and delete together, `none` is nothing. */
export type Privilege = 'none' | 'read' | 'write' | 'delete' | 'all';

/** A set of privileges as bits: read 1, write 2, delete 4. */
export type PrivilegeSet = number;

const BITS: Readonly<Record<Privilege, PrivilegeSet>> = {
  none: 0,
  read: 1,
  write: 2,
  delete: 4,
  all: 7,
};

/** The names of all privileges, `none` first. */
export const PRIVILEGES: readonly Privilege[] = ['none', 'read', 'write', 'delete', 'all'];

/** Returns true if a value is the name of a privilege. */
export function isPrivilege(value: unknown): value is Privilege {
  return typeof value === 'string' && Object.hasOwn(BITS, value);
}

/** The set that holds just the given privileges. */
export function privilegeSet(privileges: Iterable<Privilege>): PrivilegeSet {
  let set = BITS.none;
  for (const privilege of privileges) set |= BITS[privilege];
  return set;
}

/** The shortest list of names for a set: `['none']`, `['read', 'write']`, `['all']`. */
export function privilegeNames(set: PrivilegeSet): readonly Privilege[] {
  if (set === BITS.none) return ['none'];
  if (set === BITS.all) return ['all'];
  return (['read', 'write', 'delete'] as const).filter((name) => (set & BITS[name]) !== 0);
}

/** Returns true if a set holds everything that `needed` stands for; every set holds `none`. */
export function includesPrivilege(set: PrivilegeSet, needed: Privilege): boolean {
  const bits = BITS[needed];
  return (set & bits) === bits;
}
