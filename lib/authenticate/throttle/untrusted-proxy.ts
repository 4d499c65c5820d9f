import type { AddressedRequest } from '../../credentials/client-address.js';
import type { Logger } from '../../logger.js';
import { warnOnce } from '../../warnings.js';

/**
 * Warns, once, if a proxy names its client but is not trusted: all of its clients then count as
 * one.
 */
export function warnOfUntrustedProxy(
  { ip, socket, headers }: AddressedRequest,
  logger: Logger,
): void {
  const forwarded = headers['x-forwarded-for'];
  const peer = socket?.remoteAddress;
  if (forwarded === undefined || (ip ?? peer) !== peer) return;
  if (String(forwarded).split(',').at(-1)?.trim() === peer) return;
  warnOnce(
    'WRN_KAUTH_PROXY_NOT_TRUSTED',
    `a request came with X-Forwarded-For from ${peer ?? 'a Unix socket'}, which is not trusted: where that is a proxy of yours, ` +
      'set "trust proxy" of Express (trusted-proxies of [gateway] for kapacitor-auth serve), else all of its clients count as one',
    logger,
  );
}
