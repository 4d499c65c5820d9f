import { AuthorizationError, MisuseError } from '../errors.js';
import { rememberAllowed, wasAllowed } from './allowed-requests.js';
import { decideApiRequest } from './api-decision.js';
import type { ApiVerdict } from './api-decision.js';
import type { Privilege } from './privilege.js';
import {
  checkQuery,
  databaseParameter,
  formatPath,
  parseRequestTarget,
  retentionPolicyParameter,
} from './request-path.js';
import { apiResource } from './resource.js';
import type { KapacitorUser } from './user.js';

/** What a request asks for, read from its method and target alone. */
export interface ApiRequest {
  readonly privilege: Privilege;
  /** The resource of the endpoint, such as `/api/config/influxdb`. */
  readonly resource: string;
  /** Whether points are written. */
  readonly isWrite: boolean;
  /** The database that points are written to, for requests to the write endpoint. */
  readonly database: string | undefined;
  /** Where in the database; undefined where the request leaves that to whoever serves it. */
  readonly retentionPolicy: string | undefined;
  /** The canonical path; what is judged, named in errors and safe to forward. */
  readonly path: string;
}

const NEEDED: ReadonlyMap<string, Privilege> = new Map<string, Privilege>([
  ['GET', 'read'],
  ['HEAD', 'read'],
  ['POST', 'write'],
  ['PUT', 'write'],
  ['PATCH', 'write'],
  ['DELETE', 'delete'],
  ['OPTIONS', 'none'],
]);

/** The privilege that an HTTP method needs; methods without a rule need all. */
export function neededPrivilege(method: string): Privilege {
  return NEEDED.get(method) ?? 'all';
}

/** The first segments of Kapacitor's own API, in lower case. */
const API_PREFIXES: readonly string[] = ['kapacitor/v1', 'kapacitor/v1preview'];

/** Whether a path (as segments) lies under Kapacitor's own API. Case doesn't matter: Express' routes ignore it. */
export function isApiPath(segments: readonly string[]): boolean {
  return API_PREFIXES.includes(segments.slice(0, 2).join('/').toLowerCase());
}

/** Whether a path stands for an endpoint of Kapacitor by itself, wherever an app mounts it: its API, or `/write`. */
export function isEndpointPath(segments: readonly string[]): boolean {
  return isApiPath(segments) || segments[0]?.toLowerCase() === 'write';
}

/** How requests are judged. */
export interface JudgeOptions {
  /**
   * Whether whoever serves the request tells `/CONFIG` from `/config`; false when left out, as Express' routers don't.
   */
  readonly caseSensitive?: boolean;
}

const WRITE_RESOURCE = apiResource('write');

/**
 * Reads what a request asks for (Kapacitor's rules).
 *
 * @param target - the request target: path and query
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) when path or query could be read in two ways
 */
export function readApiRequest(method: string, target: string): ApiRequest {
  const parsed = parseRequestTarget(target);
  const { segments, query } = parsed;
  checkQuery(query);
  const privilege = neededPrivilege(method);
  const resource = apiResource((isApiPath(segments) ? segments.slice(2) : segments).join('/'));
  const isWrite =
    privilege === 'write' && `${resource.toLowerCase()}/`.startsWith(`${WRITE_RESOURCE}/`);
  return {
    privilege,
    resource,
    isWrite,
    database: isWrite ? databaseParameter(query) : undefined,
    retentionPolicy: isWrite ? retentionPolicyParameter(query) : undefined,
    path: formatPath(parsed),
  };
}

/**
 * Judges a request by Kapacitor's rules for its API, without Express.
 *
 * The resource is judged as it stands and without regard to case, so that a router that takes `/CONFIG` for
 * `/config` never runs a handler the user has no privilege for.
 *
 * A write also needs `write` on the database in `db`, or on the retention policy in `rp` where it names one (InfluxDB 1.x pushes
 * to `/write?db=telegraf&precision=ns&rp=autogen`). Subscription tokens must say which database they write to.
 *
 * @param method - the HTTP method, in capitals
 * @param url - the request target: path and query
 * @returns the canonical path
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`); AuthorizationError (`ERR_KAUTH_FORBIDDEN`,
 * `ERR_KAUTH_FORBIDDEN_DATABASE`); MisuseError for what is no user, such as a promise of one
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
  // A path alone, in its one spelling: a query may hold credentials.
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

/** The error of a request that was decided about; undefined where it is allowed. */
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
 * @param retentionPolicy - where in the database; anywhere in it when left out
 * @throws AuthorizationError (`ERR_KAUTH_FORBIDDEN_DATABASE`) unless the user has the privilege there
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
  { name, source }: KapacitorUser,
  privilege: Privilege,
  database: string,
  retentionPolicy?: string,
): AuthorizationError {
  // What others may do is the same in all of a database.
  const isLimited = source === 'subscription' && retentionPolicy !== undefined;
  const place = isLimited ? `, retention policy ${JSON.stringify(retentionPolicy)}` : '';
  return new AuthorizationError(
    'ERR_KAUTH_FORBIDDEN_DATABASE',
    `user ${name} does not have "${privilege}" privilege for database ${JSON.stringify(database)}${place}`,
  );
}
