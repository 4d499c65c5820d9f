import type { Privilege } from './privilege.js';
import {
  checkQuery,
  databaseParameter,
  formatPath,
  parseRequestTarget,
  retentionPolicyParameter,
} from './request-path.js';
import { apiResource } from './resource.js';

/** A request to Kapacitor's API in Kapacitor's terms, read from its method and target alone. */
export interface ApiRequest {
  readonly privilege: Privilege;
  /** The resource of the endpoint, such as `/api/config/influxdb`. */
  readonly resource: string;
  /** True if the request writes points. */
  readonly isWrite: boolean;
  /** The database that points are written to, for requests to the write endpoint. */
  readonly database: string | undefined;
  /** The retention policy that points are written to; undefined if the request names none. */
  readonly retentionPolicy: string | undefined;
  /** The canonical path. It is judged, named in errors and safe to forward. */
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

/** The segments after `kapacitor` by which its own API begins, in lower case. */
const API_VERSIONS: ReadonlySet<string> = new Set(['v1', 'v1preview']);

/**
 * Returns true if a path (as segments) lies under Kapacitor's own API. Case doesn't matter:
 * Express' routes ignore it.
 *
 * @param from - the segment by which the path begins; the first when left out
 */
export function isApiPath(segments: readonly string[], from = 0): boolean {
  const [first = '', version = ''] = [segments[from], segments[from + 1]];
  return first.toLowerCase() === 'kapacitor' && API_VERSIONS.has(version.toLowerCase());
}

/**
 * Returns true if a path is an endpoint of Kapacitor wherever an app mounts it: its API, or
 * `/write`.
 */
export function isEndpointPath(segments: readonly string[]): boolean {
  return isApiPath(segments) || segments[0]?.toLowerCase() === 'write';
}

const WRITE_RESOURCE = apiResource('write');

/**
 * Reads the privilege and the resource that a request needs, by Kapacitor's rules.
 *
 * @param target - the request target: path and query
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) if path or query could be read in two
 *   ways
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
