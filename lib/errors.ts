/**
 * All errors of this package, each with a stable `code`. Programs decide by `code` (or class),
 * people read `message`. Neither ever holds a password, a hash or a token.
 *
 * Express' own error handler honours `status` and `headers`. So a typed error passed to `next`
 * becomes the right answer even without error middleware.
 */

import { isErrorOf, markErrors } from './known-errors.js';

/** All codes of a {@link KapacitorAuthError}; a `switch` over `code` narrows on them. */
export type ErrorCode =
  | 'ERR_KAUTH_CONFIG'
  | 'ERR_KAUTH_CREDENTIALS_MISSING'
  | 'ERR_KAUTH_CREDENTIALS_MALFORMED'
  | 'ERR_KAUTH_USERNAME_REQUIRED'
  | 'ERR_KAUTH_FAILED'
  | 'ERR_KAUTH_TOKEN_INVALID'
  | 'ERR_KAUTH_TOKEN_EXPIRED'
  | 'ERR_KAUTH_TOKEN_REFUSED'
  | 'ERR_KAUTH_SUBSCRIPTION_TOKEN'
  | 'ERR_KAUTH_FORBIDDEN'
  | 'ERR_KAUTH_FORBIDDEN_DATABASE'
  | 'ERR_KAUTH_ESCALATION'
  | 'ERR_KAUTH_AMBIGUOUS_PATH'
  | 'ERR_KAUTH_INVALID_REQUEST'
  | 'ERR_KAUTH_BODY_TOO_LARGE'
  | 'ERR_KAUTH_USER_NOT_FOUND'
  | 'ERR_KAUTH_USER_EXISTS'
  | 'ERR_KAUTH_LAST_ADMIN'
  | 'ERR_KAUTH_STORE_UNAVAILABLE'
  | 'ERR_KAUTH_OVERLOADED'
  | 'ERR_KAUTH_THROTTLED'
  | 'ERR_KAUTH_NO_USER_STORE'
  | 'ERR_KAUTH_UPSTREAM_FAILED'
  | 'ERR_KAUTH_UPSTREAM_TIMEOUT'
  | 'ERR_KAUTH_KAPACITOR_DB'
  | 'ERR_KAUTH_MISUSE';

/** Response headers by name; each item of a list is sent as a header line. */
export type ErrorHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Optional parts of an error beside its code and text. */
export interface ErrorDetails {
  /** The error that caused this one; never shown to a client. */
  readonly cause?: unknown;
  /** Response headers that belong to the answer, such as `WWW-Authenticate` or `Retry-After`. */
  readonly headers?: ErrorHeaders;
}

/** Base of all errors of this package. */
export abstract class KapacitorAuthError extends Error {
  /** A stable name of the failure; never changes within a major version. */
  readonly code: ErrorCode;
  /** The HTTP status of the answer to a request that failed with this error. */
  abstract readonly status: number;
  /** True if a client may see `message`. */
  abstract readonly expose: boolean;
  /** Response headers that belong to the answer. */
  readonly headers: ErrorHeaders;

  protected constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.headers = Object.freeze({ ...details.headers });
  }

  /** Lets `instanceof` find the errors of all copies of this package that a process holds. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorOf(this, value);
  }
}

/** One mistake in the configuration. */
export interface ConfigProblem {
  /** `section.key` as in kapacitor.conf, such as `auth.bcrypt-cost`. */
  readonly key: string;
  /** The origin of the value: `code`, an environment variable's name, or file and line. */
  readonly origin: string;
  /** The mistake and what is accepted, without the value of a secret. */
  readonly problem: string;
}

/** The configuration can't be used; lists all its problems at once. */
export class ConfigError extends KapacitorAuthError {
  readonly status: 500 = 500 as const;
  readonly expose: boolean = false;
  /** All problems, in the order of the options. */
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], details?: ErrorDetails) {
    const lines = problems.map(({ key, origin, problem }) => `${key} (${origin}): ${problem}`);
    const title =
      lines.length === 1
        ? 'The configuration has a problem:'
        : `The configuration has ${String(lines.length)} problems:`;
    super('ERR_KAUTH_CONFIG', [title, ...lines].join('\n  '), details);
    this.problems = Object.freeze([...problems]);
  }
}

/** The client is not authenticated: 401 (RFC 9110, section 15.5.2). */
export class AuthenticationError extends KapacitorAuthError {
  readonly status: 401 = 401 as const;
  readonly expose: boolean = true;

  constructor(
    code: Extract<
      ErrorCode,
      | 'ERR_KAUTH_CREDENTIALS_MISSING'
      | 'ERR_KAUTH_CREDENTIALS_MALFORMED'
      | 'ERR_KAUTH_USERNAME_REQUIRED'
      | 'ERR_KAUTH_FAILED'
      | 'ERR_KAUTH_TOKEN_INVALID'
      | 'ERR_KAUTH_TOKEN_EXPIRED'
      | 'ERR_KAUTH_TOKEN_REFUSED'
      | 'ERR_KAUTH_SUBSCRIPTION_TOKEN'
    >,
    message: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
  }
}

/** The user is authenticated but may not do this: 403 (RFC 9110, section 15.5.4). */
export class AuthorizationError extends KapacitorAuthError {
  readonly status: 403 = 403 as const;
  readonly expose: boolean = true;

  constructor(
    code: Extract<
      ErrorCode,
      'ERR_KAUTH_FORBIDDEN' | 'ERR_KAUTH_FORBIDDEN_DATABASE' | 'ERR_KAUTH_ESCALATION'
    >,
    message: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
  }
}

/** The request can't be judged or used as it is: 400, or 413 for a body over the limit. */
export class InvalidRequestError extends KapacitorAuthError {
  readonly status: 400 | 413;
  readonly expose: boolean = true;

  constructor(
    code: Extract<
      ErrorCode,
      'ERR_KAUTH_AMBIGUOUS_PATH' | 'ERR_KAUTH_INVALID_REQUEST' | 'ERR_KAUTH_BODY_TOO_LARGE'
    >,
    message: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
    this.status = code === 'ERR_KAUTH_BODY_TOO_LARGE' ? 413 : 400;
  }
}

/** No user has this name: 404. */
export class UserNotFoundError extends KapacitorAuthError {
  readonly status: 404 = 404 as const;
  readonly expose: boolean = true;

  constructor() {
    super('ERR_KAUTH_USER_NOT_FOUND', 'no user exists');
  }
}

/** The change contradicts the users that exist: 409. */
export class UserConflictError extends KapacitorAuthError {
  readonly status: 409 = 409 as const;
  readonly expose: boolean = true;

  constructor(
    code: Extract<ErrorCode, 'ERR_KAUTH_USER_EXISTS' | 'ERR_KAUTH_LAST_ADMIN'>,
    message: string,
  ) {
    super(code, message);
  }
}

/** Seconds that a client is asked to wait unless the error gives another number. */
const RETRY_AFTER_SECONDS = 1;

/**
 * The user store can't answer (disk, network, a broken file): 503 with `Retry-After`. It lets
 * nobody in, and calls no password wrong.
 */
export class StoreUnavailableError extends KapacitorAuthError {
  readonly status: 503 = 503 as const;
  readonly expose: boolean = false;
  /**
   * True if the store was reached but gave no usable answer. What was known before is then void,
   * whatever `stale-if-error` says.
   */
  readonly answered: boolean;

  constructor(
    message: string,
    details: ErrorDetails & { readonly retryAfter?: number; readonly answered?: boolean } = {},
  ) {
    const { retryAfter = RETRY_AFTER_SECONDS, cause } = details;
    super('ERR_KAUTH_STORE_UNAVAILABLE', message, {
      cause,
      headers: { 'Retry-After': String(retryAfter), ...details.headers },
    });
    this.answered = details.answered ?? false;
  }
}

/** Too much work waits, such as passwords to verify: 503 with `Retry-After`. */
export class OverloadedError extends KapacitorAuthError {
  readonly status: 503 = 503 as const;
  readonly expose: boolean = true;

  constructor(message: string, retryAfter: number = RETRY_AFTER_SECONDS) {
    super('ERR_KAUTH_OVERLOADED', message, { headers: { 'Retry-After': String(retryAfter) } });
  }
}

/**
 * Too many logins of this client failed: 429 with `Retry-After` (RFC 6585, section 4). Even a right
 * password is not looked at.
 */
export class ThrottledError extends KapacitorAuthError {
  readonly status: 429 = 429 as const;
  readonly expose: boolean = true;

  /** @param retryAfter - seconds until the next login is looked at */
  constructor(retryAfter: number) {
    const seconds = String(retryAfter);
    super('ERR_KAUTH_THROTTLED', `too many failed logins, try again in ${seconds} s`, {
      headers: { 'Retry-After': seconds },
    });
  }
}

/** This process can't change the users where they are kept: 501. */
export class NoUserStoreError extends KapacitorAuthError {
  readonly status: 501 = 501 as const;
  readonly expose: boolean = true;

  constructor(message: string) {
    super('ERR_KAUTH_NO_USER_STORE', message);
  }
}

/** The service behind the gateway gave no usable answer (502), or none in time (504). */
export class UpstreamError extends KapacitorAuthError {
  readonly status: 502 | 504;
  readonly expose: boolean = true;

  constructor(
    code: Extract<ErrorCode, 'ERR_KAUTH_UPSTREAM_FAILED' | 'ERR_KAUTH_UPSTREAM_TIMEOUT'>,
    message: string,
    details?: ErrorDetails,
  ) {
    super(code, message, details);
    this.status = code === 'ERR_KAUTH_UPSTREAM_TIMEOUT' ? 504 : 502;
  }
}

/** A file is no database of Kapacitor, is damaged, or can't be read. Nothing was taken from it. */
export class KapacitorDbError extends KapacitorAuthError {
  readonly status: 500 = 500 as const;
  readonly expose: boolean = false;
  /** The number of the page that is damaged, if it is known. */
  readonly page: number | undefined;

  constructor(
    message: string,
    details: ErrorDetails & { readonly page?: number | undefined } = {},
  ) {
    super('ERR_KAUTH_KAPACITOR_DB', message, { cause: details.cause });
    this.page = details.page;
  }
}

/** The package is used in a way that can't work. Thrown at the mistaken call, not at a request. */
export class MisuseError extends KapacitorAuthError {
  readonly status: 500 = 500 as const;
  readonly expose: boolean = false;

  constructor(message: string) {
    super('ERR_KAUTH_MISUSE', message);
  }
}

markErrors({
  ...{ KapacitorAuthError, ConfigError, AuthenticationError, AuthorizationError },
  ...{ InvalidRequestError, UserNotFoundError, UserConflictError, StoreUnavailableError },
  ...{ OverloadedError, ThrottledError, NoUserStoreError, UpstreamError },
  ...{ KapacitorDbError, MisuseError },
});
