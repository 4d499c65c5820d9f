import type { Grant } from './grant.js';
import type { PrivilegeSet } from './privilege.js';
import { privilegeNames, privilegeSet } from './privilege.js';
import type { Privileges } from './privileges.js';
import { PrivilegeTable } from './privileges.js';
import { apiResource } from './resource.js';

const NOTHING = privilegeSet(['none']);
const READ = privilegeSet(['read']);
const WRITE = privilegeSet(['write']);

/** The endpoints that a database is of no use without, as for the permissions of a meta node. */
const PING = { resource: apiResource('ping'), set: privilegeSet(['all']) };
const WRITING = { resource: apiResource('write'), set: WRITE };

/** The privileges that a grant gives on a resource. */
export interface GrantedEntry {
  readonly resource: string;
  readonly set: PrivilegeSet;
}

/** The endpoints that a grant on a database brings: they only add, and replace nothing. */
export function impliedEntries({ set, place }: Grant): readonly GrantedEntry[] {
  if (!place.isDatabase) return [];
  if ((set & WRITE) !== NOTHING) return [PING, WRITING];
  return (set & READ) !== NOTHING ? [PING] : [];
}

/**
 * The privileges of a user with grants. Each grant is the entry of its place, in place of what the
 * permissions say of the same.
 *
 * @param base - by the permissions
 * @param grants - canonical: no two of one place
 */
export function grantedPrivileges(base: Privileges, grants: readonly Grant[]): Privileges {
  const granted = entries(grants.map(({ set, place }) => ({ resource: place.resource, set })));
  const explicit: Privileges = { ...base, ...granted };
  const table = new PrivilegeTable(explicit, { prefixes: true });
  const implied = new Map<string, PrivilegeSet>();
  for (const { resource, set } of grants.flatMap(impliedEntries)) {
    const present = privilegeSet(table.entryOf(resource)?.privileges ?? []);
    implied.set(resource, (implied.get(resource) ?? present) | set);
  }
  const added = entries([...implied].map(([resource, set]) => ({ resource, set })));
  return Object.freeze({ ...explicit, ...added });
}

function entries(granted: readonly GrantedEntry[]): Privileges {
  return Object.fromEntries(
    granted.map(({ resource, set }) => [resource, Object.freeze([...privilegeNames(set)])]),
  );
}
