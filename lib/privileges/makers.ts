import { caselessPrivileges } from './api-decision.js';
import type { ApiRequest } from './api-request.js';
import { formatGrant, isGrant, parseGrants } from './grant.js';
import { placeTextOf } from './grant-place.js';
import type { GrantedEntry } from './granted-privileges.js';
import { impliedEntries } from './granted-privileges.js';
import { localPrivileges } from './local-permissions.js';
import type { Permission } from './permission.js';
import type { Privilege, PrivilegeSet } from './privilege.js';
import { includesPrivilege, privilegeSet } from './privilege.js';
import type { PrivilegeEntry } from './privileges.js';
import { isApiResource, placeResource } from './resource.js';
import type { KapacitorUser } from './user.js';
import { hasOwnPrivileges, heldGrants, privilegeTableOf } from './user.js';

/** The permissions and grants that an entry of a user's privileges comes from. */
export interface Makers {
  readonly permissions: readonly Permission[];
  readonly grants: readonly string[];
}

export const NOBODY: Makers = { permissions: [], grants: [] };

/**
 * Returns true if a user's privileges follow from permissions and grants. Those of a meta node, and
 * of some stores, don't.
 */
export function followsFromPermissions(user: KapacitorUser): boolean {
  return user.source === 'local' && !hasOwnPrivileges(user);
}

/**
 * The permissions and grants that give the needed privilege, or else all that contribute to the
 * entry. None for users of a meta node, whose permissions have other names.
 */
export function makersOf(
  user: KapacitorUser,
  { resource }: PrivilegeEntry,
  needed: Privilege,
): Makers {
  if (!followsFromPermissions(user)) return NOBODY;
  const involved = contributions(user, resource);
  const giving = involved.filter(({ set }) => includesPrivilege(set, needed));
  const makers = giving.length > 0 ? giving : involved;
  return {
    permissions: makers.flatMap(({ permission }) => permission ?? []),
    grants: makers.flatMap(({ grant }) => grant ?? []),
  };
}

interface Contribution extends GrantedEntry {
  readonly permission?: Permission;
  readonly grant?: string;
}

/** @param resource - of an entry; in lower case if case is ignored */
function contributions(user: KapacitorUser, resource: string): readonly Contribution[] {
  const grants = parseGrants(heldGrants(user));
  const isIt = (entry: GrantedEntry): boolean =>
    entry.resource === resource || entry.resource.toLowerCase() === resource;
  const explicit = grants
    .map((grant) => ({ resource: grant.place.resource, set: grant.set, grant: formatGrant(grant) }))
    .filter(isIt);
  const implied = grants
    .flatMap((grant) =>
      impliedEntries(grant).map((entry) => ({ ...entry, grant: formatGrant(grant) })),
    )
    .filter(isIt);
  const permitted = explicit.length > 0 ? [] : user.permissions.flatMap(entriesOf).filter(isIt);
  return [...permitted, ...explicit, ...implied];
}

function entriesOf(permission: Permission): readonly Contribution[] {
  return Object.entries(localPrivileges([permission])).map(([resource, names]) => ({
    resource,
    set: privilegeSet(names),
    permission,
  }));
}

/**
 * The grant that a request needs and the user doesn't have; it keeps what the user may do at its
 * place, also if that is written in another case. Undefined if no grant can be for that place.
 */
export function grantFor(
  user: KapacitorUser,
  { privilege, resource, database, retentionPolicy }: ApiRequest,
): string | undefined {
  // A grant on a database brings the endpoint.
  const place = database === undefined ? resource : placeResource(database, retentionPolicy);
  const text = placeTextOf(place);
  if (text === undefined) return undefined;
  const held = setOf(privilegeTableOf(user).entryOf(place)) | heldInAnyCase(user, place);
  const grant = formatGrant({ set: held | privilegeSet([privilege]), place: { text } });
  return isGrant(grant) ? grant : undefined;
}

/** Endpoints that differ only in case keep only what both grant. */
function heldInAnyCase(user: KapacitorUser, place: string): PrivilegeSet {
  return isApiResource(place)
    ? setOf(caselessPrivileges(user).entryOf(place.toLowerCase()))
    : privilegeSet(['none']);
}

function setOf(entry: PrivilegeEntry | undefined): PrivilegeSet {
  return privilegeSet(entry?.privileges ?? []);
}
