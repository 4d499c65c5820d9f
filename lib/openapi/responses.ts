import type { ErrorCode } from '../errors.js';
import type { Part } from './json-schema.js';
import { ref } from './json-schema.js';

/** The statuses of refusals, and the codes of the errors behind them. */
const CODES: Readonly<Record<number, readonly ErrorCode[]>> = {
  400: ['ERR_KAUTH_INVALID_REQUEST', 'ERR_KAUTH_AMBIGUOUS_PATH'],
  401: [
    'ERR_KAUTH_CREDENTIALS_MISSING',
    'ERR_KAUTH_CREDENTIALS_MALFORMED',
    'ERR_KAUTH_USERNAME_REQUIRED',
    'ERR_KAUTH_FAILED',
    'ERR_KAUTH_TOKEN_INVALID',
    'ERR_KAUTH_TOKEN_EXPIRED',
    'ERR_KAUTH_TOKEN_REFUSED',
    'ERR_KAUTH_SUBSCRIPTION_TOKEN',
  ],
  403: ['ERR_KAUTH_FORBIDDEN', 'ERR_KAUTH_FORBIDDEN_DATABASE', 'ERR_KAUTH_ESCALATION'],
  404: ['ERR_KAUTH_USER_NOT_FOUND'],
  409: ['ERR_KAUTH_USER_EXISTS', 'ERR_KAUTH_LAST_ADMIN'],
  413: ['ERR_KAUTH_BODY_TOO_LARGE'],
  429: ['ERR_KAUTH_THROTTLED'],
  501: ['ERR_KAUTH_NO_USER_STORE'],
  503: ['ERR_KAUTH_STORE_UNAVAILABLE', 'ERR_KAUTH_OVERLOADED'],
};

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request can not be read, or can be read in two ways.',
  401: 'The client is not authenticated.',
  403: 'The user may not do this, or a page of another site made a browser send it.',
  404: 'No user has this name.',
  409: 'The change contradicts the users that exist.',
  413: 'The body is too large.',
  429: 'Too many logins of this client failed.',
  500: 'The server failed; its log tells why.',
  501: 'Users are managed where they are kept, not here.',
  503: 'The user store can not answer, or too much work waits.',
};

const HEADERS: Readonly<Record<number, Part>> = {
  401: { 'WWW-Authenticate': header('The ways to authenticate.') },
  429: { 'Retry-After': header('Seconds until the next login is looked at.') },
  503: { 'Retry-After': header('Seconds to wait.') },
};

/** Describes a header of an answer. */
export function header(description: string): Part {
  return { description, schema: { type: 'string' } };
}

/** Describes an answer that is a JSON document. */
export function json(description: string, schema: Part): Part {
  return { description, content: { 'application/json': { schema } } };
}

/** All refusals, by the names that {@link refusals} refers to. */
export const REFUSALS: Part = Object.fromEntries(
  Object.entries(MEANINGS).map(([status, meaning]) => {
    const codes = CODES[Number(status)];
    const more = codes === undefined ? '' : ` Codes in the logs and in code: ${codes.join(', ')}.`;
    const headers = HEADERS[Number(status)];
    return [
      `Refused${status}`,
      { ...json(meaning + more, ref('Refusal')), ...(headers && { headers }) },
    ];
  }),
);

/** Refers to the refusals with these statuses. */
export function refusals(...statuses: readonly number[]): Part {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { $ref: `#/components/responses/Refused${String(status)}` },
    ]),
  );
}
