import type { ErrorCode } from '../errors.js';

/** The outcome by which a refused request is counted. */
export type Refusal =
  'rejected' | 'forbidden' | 'throttled' | 'overloaded' | 'unavailable' | 'invalid';

/**
 * Every code, so that none is forgotten. Undefined stands for codes that say nothing about
 * authentication or permissions.
 */
export const REFUSALS: Readonly<Record<ErrorCode, Refusal | undefined>> = {
  ERR_KAUTH_CREDENTIALS_MISSING: 'rejected',
  ERR_KAUTH_CREDENTIALS_MALFORMED: 'rejected',
  ERR_KAUTH_USERNAME_REQUIRED: 'rejected',
  ERR_KAUTH_FAILED: 'rejected',
  ERR_KAUTH_TOKEN_INVALID: 'rejected',
  ERR_KAUTH_TOKEN_EXPIRED: 'rejected',
  ERR_KAUTH_TOKEN_REFUSED: 'rejected',
  ERR_KAUTH_SUBSCRIPTION_TOKEN: 'rejected',
  ERR_KAUTH_FORBIDDEN: 'forbidden',
  ERR_KAUTH_FORBIDDEN_DATABASE: 'forbidden',
  ERR_KAUTH_ESCALATION: 'forbidden',
  ERR_KAUTH_AMBIGUOUS_PATH: 'invalid',
  ERR_KAUTH_INVALID_REQUEST: 'invalid',
  ERR_KAUTH_BODY_TOO_LARGE: 'invalid',
  ERR_KAUTH_STORE_UNAVAILABLE: 'unavailable',
  ERR_KAUTH_OVERLOADED: 'overloaded',
  ERR_KAUTH_THROTTLED: 'throttled',
  ERR_KAUTH_USER_NOT_FOUND: undefined,
  ERR_KAUTH_USER_EXISTS: undefined,
  ERR_KAUTH_LAST_ADMIN: undefined,
  ERR_KAUTH_NO_USER_STORE: undefined,
  ERR_KAUTH_UPSTREAM_FAILED: undefined,
  ERR_KAUTH_UPSTREAM_TIMEOUT: undefined,
  ERR_KAUTH_CONFIG: undefined,
  ERR_KAUTH_KAPACITOR_DB: undefined,
  ERR_KAUTH_MISUSE: undefined,
};
