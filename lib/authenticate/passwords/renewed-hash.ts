import { withDeadline } from '../../deadline.js';
import type { RunningRenewal } from './hash-renewal.js';

/** Milliseconds that a login waits for the renewal of the hash. */
const DEADLINE = 5000;

/**
 * Waits for the renewal of a hash, but not for ever.
 *
 * @param renewal - undefined if none runs
 * @returns the new hash; undefined if the old one stayed, or may have
 */
export async function renewedHash(
  renewal: RunningRenewal | undefined,
): Promise<string | undefined> {
  if (renewal === undefined) return undefined;
  const late = (): Error => new Error('too late to wait for');
  return withDeadline(renewal.renewed, DEADLINE, late).catch(() => undefined);
}
