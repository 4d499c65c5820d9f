import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';
import type { PostgresOrigin } from './connections.js';
import type { PostgresTls } from './postgres-options.js';
import { shownPlace } from './shown-place.js';

/** Warns of connections to the database on which others could listen or answer. */
export function warnOfExposure(
  origins: readonly (PostgresOrigin | undefined)[],
  { useTls = false, insecureSkipVerify = false }: PostgresTls,
  logger: Logger,
): void {
  const places = origins.flatMap((origin) =>
    origin !== undefined && 'places' in origin ? origin.places : [],
  );
  const open = places.filter((place) => !useTls && !place.useTls);
  if (insecureSkipVerify && open.length < places.length) {
    warnOnce(
      'WRN_KAUTH_POSTGRES_TLS_UNVERIFIED',
      'store.insecure-skip-verify is on: whoever can get between here and the user database can let anybody in. ' +
        'Set store.ca instead',
      logger,
    );
  }
  const exposed = open.filter(({ host }) => !isHere(host));
  if (exposed.length > 0) {
    warnOnce(
      'WRN_KAUTH_POSTGRES_PLAINTEXT',
      `hashes, and perhaps the password of the database, travel unencrypted to ${exposed.map(shownPlace).join(', ')}. ` +
        'Set store.use-tls',
      logger,
    );
  }
}

/** Returns true for this machine and for a socket in a folder. */
function isHere(host: string): boolean {
  return /^(\/.*|localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}
