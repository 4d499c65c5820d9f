import { InvalidRequestError } from '../errors.js';
import type { Grant } from './grant.js';
import { canonicalGrants, formatGrant, parseGrants } from './grant.js';

/**
 * Adds grants to those that a user holds.
 *
 * @throws InvalidRequestError for a grant that can't be read, for too many, and for `none` at a
 *   place where the user holds more: grants of one place add up
 */
export function addGrants(held: readonly string[], added: readonly string[]): readonly string[] {
  const present = byPlace(held);
  for (const grant of parseGrants(added)) {
    const before = present.get(grant.place.text);
    if (grant.set !== 0 || before === undefined || before.set === 0) continue;
    throw invalid(
      `${formatGrant(grant)} takes nothing away from ${formatGrant(before)}: revoke that`,
    );
  }
  return canonicalGrants([...held, ...added]);
}

/**
 * Takes grants away from those that a user holds: of `read,write:tasks`, `write:tasks` leaves
 * `read:tasks`.
 *
 * @throws InvalidRequestError for a grant that can't be read, or that the user doesn't hold
 */
export function removeGrants(
  held: readonly string[],
  removed: readonly string[],
): readonly string[] {
  const left = byPlace(held);
  for (const grant of parseGrants(removed)) {
    const { set, place } = grant;
    const before = left.get(place.text);
    if (before === undefined || (before.set !== set && (before.set & set) === 0)) {
      const here = before === undefined ? 'none at that place' : `there is ${formatGrant(before)}`;
      throw invalid(`there is no grant ${formatGrant(grant)} to revoke: ${here}`);
    }
    const rest = before.set & ~set;
    if (rest === 0) left.delete(place.text);
    else left.set(place.text, { set: rest, place });
  }
  return canonicalGrants([...left.values()].map(formatGrant));
}

function byPlace(grants: readonly string[]): Map<string, Grant> {
  return new Map(parseGrants(grants).map((grant) => [grant.place.text, grant]));
}

function invalid(problem: string): InvalidRequestError {
  return new InvalidRequestError('ERR_KAUTH_INVALID_REQUEST', problem);
}
