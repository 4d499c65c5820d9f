import { posix } from 'node:path';
import type { PrivilegeSet } from '../privileges/privilege.js';
import { privilegeSet } from '../privileges/privilege.js';
import type { KapacitorPrivileges } from './user-record.js';

/** Privileges by cleaned resource, as Kapacitor's `AuthorizeAction` understands them. */
export type Rights = ReadonlyMap<string, PrivilegeSet>;

/** Kapacitor's numbers of privileges. */
const NAMES = ['none', 'read', 'write', 'delete', 'all'] as const;
const ALL = 4;

/**
 * The rights of a user by Kapacitor's own rules. "all" counts only if nothing else is listed
 * beside it. If two spellings of a resource say different things, it takes one by chance: only what
 * both say counts here. Undefined if there is a privilege that it doesn't know: then it lets nobody
 * in.
 */
export function effectiveRights(privileges: KapacitorPrivileges): Rights | undefined {
  const rights = new Map<string, PrivilegeSet>();
  for (const [resource, numbers] of privileges) {
    const set = setOf(numbers);
    if (set === undefined) return undefined;
    const clean = cleanPath(resource);
    rights.set(clean, (rights.get(clean) ?? set) & set);
  }
  return rights;
}

function setOf(numbers: readonly number[]): PrivilegeSet | undefined {
  const kinds = new Set(numbers);
  if (kinds.has(ALL) && kinds.size > 1) kinds.delete(ALL);
  const names = [...kinds].map((number) => NAMES[number]);
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? privilegeSet(known) : undefined;
}

/** The rights on a resource: those of the nearest entry at or above it. */
export function rightsAt(rights: Rights, resource: string): PrivilegeSet {
  for (let path = resource; ; path = path.slice(0, Math.max(1, path.lastIndexOf('/')))) {
    const set = rights.get(path);
    if (set !== undefined) return set;
    if (path === '/' || !path.startsWith('/')) return privilegeSet([]);
  }
}

/** Go's `path.Clean`, which keeps no slash at the end. */
function cleanPath(resource: string): string {
  const clean = posix.normalize(resource);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}
