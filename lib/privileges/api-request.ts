import type { Privilege } from './privilege.js';
import {
  checkQuery,
  databaseParameter,
  formatPath,
  parseRequestTarget,
  retentionPolicyParameter,
} from './request-path.js';
import { apiResource } from './resource.js';

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
