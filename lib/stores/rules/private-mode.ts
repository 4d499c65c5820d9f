import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';

/** The mode bits that give others than the owner any access to a file. */
const SHARED = 0o077;

/**
 * Warns if others than the owner may read or write a file of users.
 *
 * @param mode - the mode of the file
 */
export function warnIfShared(path: string, mode: number, logger: Logger | undefined): void {
  // Windows has no such modes and shows 0666.
  if ((mode & SHARED) === 0 || process.platform === 'win32') return;
  warnOnce(
    'WRN_KAUTH_STORE_FILE_MODE',
    `${path} holds password hashes and is open to others: set its mode to 0600`,
    logger,
  );
}
