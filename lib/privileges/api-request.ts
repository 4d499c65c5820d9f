import { AuthorizationError } from '../errors.js';
import type { Privilege } from './privilege.js';
import { PrivilegeTable } from './privileges.js';
import {
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
function isApiPath(segments: readonly string[]): boolean {
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
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) when it could be read in two ways
 */
export function readApiRequest(method: string, target: string): ApiRequest {
  const parsed = parseRequestTarget(target);
  const { segments, query } = parsed;
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

const caseless = new WeakMap<KapacitorUser, PrivilegeTable>();

/** The user's privileges for routers that ignore case, made once a user. */
function caselessPrivileges(user: KapacitorUser): PrivilegeTable {
  const known = caseless.get(user);
  if (known !== undefined) return known;
  const table = new PrivilegeTable(user.privileges).ignoringCase();
  caseless.set(user, table);
  return table;
}

/**
 * Judges a request by Kapacitor's rules for its API, without Express.
 *
 * The resource is judged as it stands and without regard to case, so that a router that takes `/CONFIG` for
 * `/config` never runs a handler the user has no privilege for.
 *
 * @param method - the HTTP method, in capitals
 * @param url - the request target: path and query
 * A write also needs `write` on the database in `db`, or on the retention policy in `rp` where it names one (InfluxDB 1.x pushes
 * to `/write?db=telegraf&precision=ns&rp=autogen`). Subscription tokens must say which database they write to.
 *
 * @returns the canonical path
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`); AuthorizationError (`ERR_KAUTH_FORBIDDEN`,
 * `ERR_KAUTH_FORBIDDEN_DATABASE`)
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
  { caseSensitive = false }: JudgeOptions = {},
): string {
  const request = readApiRequest(method, url);
  const { privilege, resource, path } = request;
  const folded = { privilege, resource: resource.toLowerCase() };
  const isAllowed =
    user.can(privilege, resource) && (caseSensitive || caselessPrivileges(user).allows(folded));
  if (!isAllowed) {
    throw new AuthorizationError(
      'ERR_KAUTH_FORBIDDEN',
      `user ${user.name} does not have "${privilege}" privilege for API endpoint "${path}"`,
    );
  }
  if (request.isWrite) authorizeWrite(user, request);
  return path;
}

/** @throws AuthorizationError (`ERR_KAUTH_FORBIDDEN_DATABASE`) */
function authorizeWrite(user: KapacitorUser, { database, retentionPolicy }: ApiRequest): void {
  if (database !== undefined) {
    authorizeDatabase(user, 'write', database, retentionPolicy);
  } else if (user.source === 'subscription') {
    // Whoever serves the write may have a database for those who name none.
    throw new AuthorizationError(
      'ERR_KAUTH_FORBIDDEN_DATABASE',
      'a subscription token needs the parameter "db"',
    );
  }
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
  if (user.canDatabase(privilege, database, retentionPolicy)) return;
  // What others may do is the same in all of a database.
  const isLimited = user.source === 'subscription' && retentionPolicy !== undefined;
  const place = isLimited ? `, retention policy ${JSON.stringify(retentionPolicy)}` : '';
  throw new AuthorizationError(
    'ERR_KAUTH_FORBIDDEN_DATABASE',
    `user ${user.name} does not have "${privilege}" privilege for database ${JSON.stringify(database)}${place}`,
  );
}
