import { sharedMap } from '../shared-map.js';

const names = sharedMap<string>('attacked.1');

/**
 * Notes the user for whom a wrong password was given. The note lies beside the error, not on it:
 * clients may see errors.
 */
export function noteAttackedUser(error: object, name: string): void {
  names.set(error, name);
}

/** The user for whom a wrong password was given; undefined if there is no such user. */
export function attackedUser(error: object): string | undefined {
  return names.get(error);
}
