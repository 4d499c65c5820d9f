import { InvalidRequestError } from '../errors.js';
import type { GrantPlace } from './grant-place.js';
import { parsePlace } from './grant-place.js';
import type { PrivilegeSet } from './privilege.js';
import { isPrivilege, privilegeNames, privilegeSet } from './privilege.js';

/** The most grants that a user has. */
export const MOST_GRANTS = 256;

/** The most bytes (UTF-8) of a grant. */
export const LONGEST_GRANT = 1024;

/** A grant in its parts. */
export interface Grant {
  readonly set: PrivilegeSet;
  readonly place: GrantPlace;
}

/**
 * Reads a grant `PRIVILEGES:PLACE`, such as `write:database/telegraf` or
 * `read,write:tasks/team-a.*`.
 *
 * @throws InvalidRequestError
 */
export function parseGrant(grant: unknown): Grant {
  if (typeof grant !== 'string') throw invalid(FORM);
  if (Buffer.byteLength(grant) > LONGEST_GRANT) throw tooLong();
  const shown = JSON.stringify(grant);
  const colon = grant.indexOf(':');
  const names = grant.slice(0, Math.max(0, colon)).split(',');
  if (colon === -1 || !names.every(isPrivilege)) {
    throw invalid(`${FORM}, not ${shown}`);
  }
  if (names.includes('none') && names.length > 1) {
    throw invalid(`grant ${shown}: "none" stands alone`);
  }
  const set = privilegeSet(names);
  return { set, place: parsePlace(grant.slice(colon + 1), grant) };
}

/** Returns true if a text can be read as a grant. */
export function isGrant(text: string): boolean {
  try {
    parseGrant(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidRequestError) return false;
    throw error;
  }
}

/**
 * Reads grants: sorted by place, each place once, with all that is granted there.
 *
 * @throws InvalidRequestError
 */
export function parseGrants(grants: readonly unknown[]): readonly Grant[] {
  if (!Array.isArray(grants)) throw invalid('grants must be a list');
  const byPlace = new Map<string, Grant>();
  for (const { set, place } of grants.map(parseGrant)) {
    byPlace.set(place.text, { set: set | (byPlace.get(place.text)?.set ?? 0), place });
  }
  const { size } = byPlace;
  if (size > MOST_GRANTS) {
    throw invalid(`a user has at most ${String(MOST_GRANTS)} grants, not ${String(size)}`);
  }
  return [...byPlace.values()].sort(({ place: a }, { place: b }) => (a.text < b.text ? -1 : 1));
}

/** Writes a grant in its canonical form. */
export function formatGrant({ set, place }: Pick<Grant, 'set'> & GrantedPlace): string {
  return `${privilegeNames(set).join(',')}:${place.text}`;
}

/**
 * The one way to write a set of grants: sorted by place, each place once, its privileges in the
 * order `read,write,delete`.
 *
 * @throws InvalidRequestError for a grant that can't be read, and for too many
 */
export function canonicalGrants(grants: readonly unknown[]): readonly string[] {
  if (grants.length === 0 && Array.isArray(grants)) return NO_GRANTS;
  const canonical = parseGrants(grants).map(formatGrant);
  // Two grants of one place may be longer as one.
  if (canonical.some((grant) => Buffer.byteLength(grant) > LONGEST_GRANT)) throw tooLong();
  return Object.freeze(canonical);
}

/** No grants. */
export const NO_GRANTS: readonly string[] = Object.freeze([]);

interface GrantedPlace {
  readonly place: Pick<GrantPlace, 'text'>;
}

const FORM = 'a grant is PRIVILEGES:PLACE, such as "write:database/telegraf"';

function tooLong(): InvalidRequestError {
  return invalid(`a grant has at most ${String(LONGEST_GRANT)} bytes`);
}

function invalid(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}
