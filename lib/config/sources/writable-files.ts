import { statSync } from 'node:fs';
import { warnOnce } from '../../warnings.js';
import type { Config } from '../config.js';

/** The permission of everybody to write, in a file's mode. */
const OTHERS_WRITE = 0o002;

/**
 * Warns, once a process, of files that every account of the machine may change and that decide who
 * gets in.
 */
export function warnOfWritableFiles({ configFile, auth, gateway, logger }: Config): void {
  const { metaUseTls, metaCa, metaCert, metaKey } = auth;
  const { upstreamCa, upstreamCert, upstreamKey, tlsCert, tlsKey } = gateway;
  const ofMeta = metaUseTls ? [metaCa, metaCert, metaKey] : [];
  const ofGateway = [upstreamCa, upstreamCert, upstreamKey, tlsCert, tlsKey];
  const paths = [configFile, ...ofMeta, ...ofGateway];
  const open = paths.filter((path) => path !== undefined && path !== '' && isOpenToAll(path));
  if (open.length === 0) return;
  warnOnce(
    'WRN_KAUTH_WRITABLE_FILE',
    `every account of this machine may write ${open.join(' and ')}, and so decide who gets in: chmod o-w`,
    logger,
  );
}

function isOpenToAll(path: string): boolean {
  try {
    return (statSync(path).mode & OTHERS_WRITE) !== 0;
  } catch {
    // The reader of the file reports the problem.
    return false;
  }
}
