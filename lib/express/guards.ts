import type { ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { AuthorizationError, MisuseError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';
import { authorizeDatabase } from '../privileges/judge.js';
import type { Permission } from '../privileges/permission.js';
import { coversPermission, isPermission, PERMISSIONS } from '../privileges/permission.js';
import type { Privilege } from '../privileges/privilege.js';
import { isPrivilege } from '../privileges/privilege.js';
import { databaseParameter, retentionPolicyParameter } from '../privileges/request-path.js';
import { checkResource, cleanResource } from '../privileges/resource.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { Next } from './answer-policy.js';
import { refuseOrReport, userOf } from './answer-policy.js';
import { checkCalled } from './calling.js';

/** Judges a user for a request; throws to refuse. */
type Judge = (user: KapacitorUser, request: Request) => void;

/** The permissions that a guard can ask for, as in a message. */
const REQUIRABLE = PERMISSIONS.filter((name) => name !== 'none')
  .map((name) => JSON.stringify(name))
  .join(', ');

/** Makes a handler that goes on only if there is a user and `judge` doesn't refuse. */
export function guard(judge: Judge): RequestHandler {
  return function kapacitorGuard(request: Request, response: ServerResponse, next: Next) {
    try {
      judge(userOf(request), request);
    } catch (error) {
      refuseOrReport(error, request, response, next);
      return;
    }
    next();
  };
}

/**
 * Lets in users who have all of the given permissions. An administrator has every permission, and
 * `all` covers every other.
 *
 * @param permissions - one or more of `api`, `config_api`, `write_points`, `all`
 * @throws MisuseError if there is none, or one that doesn't exist
 *
 * @example
 * ```ts
 * app.get('/reports', requirePermission('api'), handler);
 * ```
 */
export function requirePermission(...permissions: readonly Permission[]): RequestHandler {
  checkCalled("requirePermission('api')", permissions);
  const wrong = permissions.find((name) => !isPermission(name) || name === 'none');
  if (permissions.length === 0 || wrong !== undefined) {
    throw new MisuseError(
      `requirePermission takes one or more of ${REQUIRABLE}, not ${JSON.stringify(wrong)}`,
    );
  }
  return guard((user) => {
    const missing = permissions.find((name) => !coversPermission(user.permissions, name));
    if (user.admin || missing === undefined) return;
    throw forbidden(`user ${user.name} does not have the permission "${missing}"`);
  });
}

/**
 * Lets in users who have a privilege on a resource.
 *
 * @param privilege - `read`, `write`, `delete` or `all`
 * @param resource - an absolute path such as `/api/tasks`
 * @throws MisuseError if the privilege doesn't exist, the resource is not absolute, or it is the
 *   path of a request (`/kapacitor/v1/tasks`)
 *
 * @example
 * ```ts
 * app.get('/topology', requirePrivilege('read', '/api/tasks'), handler);
 * ```
 */
export function requirePrivilege(privilege: Privilege, resource: string): RequestHandler {
  checkCalled("requirePrivilege('read', '/api/tasks')", [privilege]);
  checkPrivilege('requirePrivilege', privilege);
  checkResource(resource);
  const clean = cleanResource(resource);
  return guard((user) => {
    if (user.can(privilege, clean)) return;
    throw forbidden(`user ${user.name} does not have "${privilege}" privilege for "${clean}"`);
  });
}

/**
 * Lets in users who have a privilege on a database.
 *
 * @param privilege - `read`, `write`, `delete` or `all`
 * @param name - the database; when left out, the request names it in `db` (400 if `db` is missing
 *   or repeated), and its retention policy, if any, in `rp`
 * @throws MisuseError if the privilege doesn't exist or the name is empty
 *
 * @example
 * ```ts
 * app.post('/write', requireDatabase('write'), handler);
 * ```
 */
export function requireDatabase(privilege: Privilege, name?: string): RequestHandler {
  checkCalled("requireDatabase('write')", [privilege]);
  checkPrivilege('requireDatabase', privilege);
  if (name === '') throw new MisuseError('requireDatabase takes the name of a database, not ""');
  return guard((user, request) => {
    const place: RequestedDatabase = name === undefined ? requested(request) : { database: name };
    const { database, retentionPolicy } = place;
    authorizeDatabase(user, privilege, database, retentionPolicy);
  });
}

/**
 * Lets in administrators only.
 *
 * @param nothing - takes no arguments; an argument means that the app forgot to call it
 * @throws MisuseError if it gets any argument
 *
 * @example
 * ```ts
 * app.post('/maintenance', requireAdmin(), handler);
 * ```
 */
export function requireAdmin(...nothing: readonly never[]): RequestHandler {
  checkCalled('requireAdmin()', nothing);
  if (nothing.length > 0) throw new MisuseError('requireAdmin() takes nothing');
  return guard((user) => {
    if (!user.admin) throw forbidden(`user ${user.name} is not an administrator`);
  });
}

interface RequestedDatabase {
  readonly database: string;
  readonly retentionPolicy?: string | undefined;
}

function requested({ url }: Request): RequestedDatabase {
  const mark = url.indexOf('?');
  const query = mark === -1 ? '' : url.slice(mark + 1);
  const database = databaseParameter(query);
  if (database !== undefined) return { database, retentionPolicy: retentionPolicyParameter(query) };
  throw invalidRequest('database is required');
}

function checkPrivilege(guardName: string, privilege: Privilege): void {
  if (isPrivilege(privilege) && privilege !== 'none') return;
  throw new MisuseError(
    `${guardName} takes "read", "write", "delete" or "all", not ${JSON.stringify(privilege)}`,
  );
}

function forbidden(message: string): AuthorizationError {
  return new AuthorizationError('ERR_KAUTH_FORBIDDEN', message);
}
