import type { WarningCode } from '../warnings.js';
import { warnOnce } from '../warnings.js';
import type { Config, LeftAside } from './config.js';
import { isOverTls } from './database-urls.js';

/**
 * The length of an HMAC-SHA256 key; shorter ones can be guessed from a token (RFC 7518, section
 * 3.2).
 */
const SECRET_BYTES = 32;

/** A setting that is probably not meant. */
interface Doubt {
  readonly code: WarningCode;
  /** The option to change. */
  readonly key: string;
  readonly applies: (config: Config) => boolean;
  readonly message: string;
}

const DOUBTS: readonly Doubt[] = [
  {
    code: 'WRN_KAUTH_AUTH_DISABLED',
    key: 'http.auth-enabled',
    applies: ({ http }) => !http.authEnabled,
    message: 'is false: every request passes as administrator',
  },
  {
    code: 'WRN_KAUTH_REPORT_ONLY',
    key: 'auth.enforce',
    applies: ({ http, auth }) => http.authEnabled && auth.enforce === 'report',
    message:
      'is "report": requests pass that would be refused, and are only counted and told: to listeners, and in the audit log of a server',
  },
  {
    code: 'WRN_KAUTH_NOT_REPORTING',
    key: 'gateway.upstream-authenticates',
    applies: ({ auth, gateway }) => gateway.upstreamAuthenticates && auth.enforce === 'on',
    message:
      'is true, which counts only if auth.enforce is "report"; that is "on", so requests are refused here, and the upstream gets no credentials of clients',
  },
  {
    code: 'WRN_KAUTH_SHORT_SECRET',
    key: 'http.shared-secret',
    applies: ({ http: { sharedSecret } }) =>
      sharedSecret !== '' && Buffer.byteLength(sharedSecret) < SECRET_BYTES,
    message: `is shorter than ${String(SECRET_BYTES)} bytes: whoever sees a token can try to guess it`,
  },
  {
    code: 'WRN_KAUTH_NO_CACHE',
    key: 'auth.cache-expiration',
    applies: ({ http, auth }) => http.authEnabled && auth.cacheExpiration === 0,
    message: 'is 0s: nothing is remembered, every request verifies its password with bcrypt',
  },
  {
    code: 'WRN_KAUTH_META_TLS_UNVERIFIED',
    key: 'auth.meta-insecure-skip-verify',
    applies: ({ auth }) => auth.metaUseTls && auth.metaInsecureSkipVerify,
    message: 'is true: whoever is between here and a meta node can pose as that node',
  },
  {
    code: 'WRN_KAUTH_POSTGRES_TLS_UNVERIFIED',
    key: 'store.insecure-skip-verify',
    applies: ({ store }) =>
      store.type === 'postgres' && isOverTls(store) && store.insecureSkipVerify,
    message: 'is true: whoever is between here and PostgreSQL can pose as the database',
  },
];

/** Warns, once a logger, of a configuration that leaves open what most people want closed. */
export function warnOfDoubts(config: Config, originOf: (id: string) => string): void {
  for (const { code, key, applies, message } of DOUBTS) {
    if (applies(config)) warnOnce(code, `${key} (${originOf(key)}) ${message}`, config.logger);
  }
}

/** Warns, once a logger, of variables of the environment that nothing reads. */
export function warnOfVariables(notes: readonly LeftAside[], { logger }: Config): void {
  if (notes.length === 0) return;
  const message = notes.map(({ key, reason }) => `${key} ${reason}`).join('; and ');
  warnOnce('WRN_KAUTH_UNKNOWN_VARIABLE', message, logger);
}
