import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';
import type { MetaTransportOptions } from './meta-transport.js';

/** Warns of connections to meta nodes on which others could listen or answer. */
export function warnOfExposure({ nodes, tls }: MetaTransportOptions, logger: Logger): void {
  if (tls?.insecureSkipVerify === true) {
    warnOnce(
      'WRN_KAUTH_META_TLS_UNVERIFIED',
      'auth.meta-insecure-skip-verify is on: whoever can get between here and the meta nodes can let anybody in. ' +
        'Set auth.meta-ca instead',
      logger,
    );
  }
  const exposed = nodes.filter(
    ({ protocol, hostname }) => protocol === 'http:' && !isLoopback(hostname),
  );
  if (exposed.length > 0) {
    warnOnce(
      'WRN_KAUTH_META_PLAINTEXT_PASSWORD',
      `hashes, and the passwords of LDAP users, travel unencrypted to ${exposed.map(({ host }) => host).join(', ')}. ` +
        'Set auth.meta-use-tls',
      logger,
    );
  }
}

/** @param hostname - as in {@link URL.hostname} */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
