import { AuthorizationError, MisuseError } from '../errors.js';
import type { ApiVerdict, JudgeOptions } from './api-decision.js';
import { decideApiRequest } from './api-decision.js';
import type { ApiRequest } from './api-request.js';
import { readApiRequest } from './api-request.js';
import { rememberAllowed, wasAllowed } from './decision-memory.js';
import type { Privilege } from './privilege.js';
import type { KapacitorUser } from './user.js';
import { heldGrants } from './user.js';

/**
 * Judges a request by Kapacitor's rules for its API, without Express.
 *
 * The resource is judged as written and again without regard to case: a router that takes `/CONFIG`
 * for `/config` must not run a handler that the user has no privilege for.
 *
 * A write also needs `write` on the database in `db`, or on the retention policy in `rp` if the
 * request names one (InfluxDB 1.x pushes to `/write?db=telegraf&precision=ns&rp=autogen`). A
 * request with a subscription token must name the database that it writes to.
 *
 * @param method - the HTTP method, in capitals
 * @param url - the request target: path and query
 * @returns the canonical path
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`); AuthorizationError
 *   (`ERR_KAUTH_FORBIDDEN`, `ERR_KAUTH_FORBIDDEN_DATABASE`); MisuseError for anything but a user,
 *   such as a promise of one
 *
 * @example
 * ```ts
 * const path = judgeApiRequest(user, 'POST', '/kapacitor/v1/write?db=telegraf');
 * ```
 */
export function judgeApiRequest(
  user: KapacitorUser,
  method: string,
  url: string,
  options: JudgeOptions = {},
): string {
  if (!canBeAsked(user)) throw notResolved(user);
  const isRemembered = options.caseSensitive !== true;
  if (isRemembered && wasAllowed(user, method, url)) return url;
  const request = readApiRequest(method, url);
  const refusal = refusalOf(user, request, decideApiRequest(user, request, options));
  if (refusal !== undefined) throw refusal;
  // Remembers only a path without a query, in its canonical spelling: a query may hold credentials.
  if (isRemembered && request.path === url) rememberAllowed(user, method, url);
  return request.path;
}

function canBeAsked(user: unknown): boolean {
  return typeof user === 'object' && user !== null && 'can' in user;
}

function notResolved(given: unknown): MisuseError {
  return new MisuseError(
    given instanceof Promise
      ? 'judgeApiRequest takes a user, not a promise of one: judgeApiRequest(await auth.authenticate(request), method, url)'
      : 'judgeApiRequest takes a user as auth.authenticate(request) or auth.find(name) gives it, not a copy of its data',
  );
}

/** Makes the error for a request that the verdicts refuse; undefined if they allow it. */
export function refusalOf(
  user: KapacitorUser,
  { privilege, path, database, retentionPolicy }: ApiRequest,
  verdicts: readonly ApiVerdict[],
): AuthorizationError | undefined {
  const refused = verdicts.find(({ allowed }) => !allowed);
  if (refused === undefined) return undefined;
  if (refused.rule !== 'database') {
    return new AuthorizationError(
      'ERR_KAUTH_FORBIDDEN',
      `user ${user.name} does not have "${privilege}" privilege for API endpoint "${path}"`,
    );
  }
  if (database !== undefined) return databaseRefusal(user, privilege, database, retentionPolicy);
  return new AuthorizationError(
    'ERR_KAUTH_FORBIDDEN_DATABASE',
    'a subscription token needs the parameter "db"',
  );
}

/**
 * @param retentionPolicy - the retention policy in the database; any of them when left out
 * @throws AuthorizationError (`ERR_KAUTH_FORBIDDEN_DATABASE`) unless the user has the privilege
 *   there
 */
export function authorizeDatabase(
  user: KapacitorUser,
  privilege: Privilege,
  database: string,
  retentionPolicy?: string,
): void {
  if (!user.canDatabase(privilege, database, retentionPolicy)) {
    throw databaseRefusal(user, privilege, database, retentionPolicy);
  }
}

function databaseRefusal(
  user: KapacitorUser,
  privilege: Privilege,
  database: string,
  retentionPolicy?: string,
): AuthorizationError {
  // Privileges of other users don't differ within a database.
  const mayDiffer = user.source === 'subscription' || heldGrants(user).length > 0;
  const isLimited = mayDiffer && retentionPolicy !== undefined;
  const place = isLimited ? `, retention policy ${JSON.stringify(retentionPolicy)}` : '';
  return new AuthorizationError(
    'ERR_KAUTH_FORBIDDEN_DATABASE',
    `user ${user.name} does not have "${privilege}" privilege for database ${JSON.stringify(database)}${place}`,
  );
}
