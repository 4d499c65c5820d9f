import type { Logger } from './logger.js';
import { silentLogger } from './logger.js';
import { helpFor } from './troubleshooting.js';

/**
 * Codes of the warnings about the use or configuration of the package; most appear once per logger.
 */
export type WarningCode =
  | 'WRN_KAUTH_AUTH_DISABLED'
  | 'WRN_KAUTH_REPORT_ONLY'
  | 'WRN_KAUTH_NOT_REPORTING'
  | 'WRN_KAUTH_UNKNOWN_VARIABLE'
  | 'WRN_KAUTH_NO_CACHE'
  | 'WRN_KAUTH_SHORT_SECRET'
  | 'WRN_KAUTH_NO_USERS'
  | 'WRN_KAUTH_STORE_UNAVAILABLE'
  | 'WRN_KAUTH_UNUSABLE_USER'
  | 'WRN_KAUTH_STORE_FILE_UNUSABLE'
  | 'WRN_KAUTH_BODY_ALREADY_PARSED'
  | 'WRN_KAUTH_PROXY_NOT_TRUSTED'
  | 'WRN_KAUTH_THROTTLE_STORE'
  | 'WRN_KAUTH_STORE_FILE_MODE'
  | 'WRN_KAUTH_STORE_FILE_LINKS'
  | 'WRN_KAUTH_STORE_FILE_SIZE'
  | 'WRN_KAUTH_WRITABLE_FILE'
  | 'WRN_KAUTH_POSTGRES_DEAF'
  | 'WRN_KAUTH_POSTGRES_TLS_UNVERIFIED'
  | 'WRN_KAUTH_POSTGRES_PLAINTEXT'
  | 'WRN_KAUTH_META_TLS_UNVERIFIED'
  | 'WRN_KAUTH_META_PLAINTEXT_PASSWORD'
  | 'WRN_KAUTH_META_NO_ROLES'
  | 'WRN_KAUTH_META_TOO_MANY_ROLES';

const told = new WeakMap<Logger, Set<WarningCode>>();

/**
 * Logs a warning, unless the logger got one of this code before. If the app gave no logger, the
 * process emits the warning (`process.on('warning')`, `--disable-warning=CODE`): nobody should miss
 * that nothing is protected.
 *
 * @param message - the problem and the remedy; never holds a secret
 */
export function warnOnce(code: WarningCode, message: string, logger: Logger = silentLogger): void {
  const codes = told.get(logger) ?? new Set();
  if (codes.has(code)) return;
  told.set(logger, codes.add(code));
  warn(code, message, logger);
}

/** Logs a warning, even if the logger got it before. @param message - as for {@link warnOnce} */
export function warn(code: WarningCode, message: string, logger: Logger = silentLogger): void {
  if (logger === silentLogger) {
    const detail = `see ${helpFor(code)}`;
    process.emitWarning(message, { type: 'KapacitorAuthWarning', code, detail });
  } else {
    logger.warn(`${code}: ${message}`);
  }
}

/**
 * Logs a failure as an error. If the app gave no logger, the process warns of the first failure of
 * this code: otherwise the reason of an answer with 503 would be nowhere.
 *
 * @param message - as for {@link warnOnce}
 */
export function tellFailure(code: WarningCode, message: string, logger: Logger): void {
  if (logger === silentLogger) warnOnce(code, `${message} (${ONLY_THE_FIRST})`, logger);
  else logger.error(message);
}

const ONLY_THE_FIRST = 'further failures of this kind are told to a "logger" only';
