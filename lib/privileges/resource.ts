import { posix } from 'node:path';
import { MisuseError } from '../errors.js';

/** The resource above all HTTP endpoints. */
export const API_RESOURCE = '/api';

/** Kapacitor's stores: a backup of them holds every hash and every subscription token in clear. */
export const STORAGE_RESOURCE = '/api/storage';

/** The resource above all databases. */
export const DATABASE_RESOURCE = '/database';

/** A slash before another, before a dot, or at the end. */
const UNCLEAN = /\/(?:[/.]|$)/;

/**
 * The canonical form of a resource: no `.`, `..`, doubled or trailing slashes.
 *
 * @param resource - an absolute path such as `/api/tasks/`
 * @throws MisuseError when it does not start with a slash
 */
export function cleanResource(resource: string): string {
  if (!resource.startsWith('/')) {
    throw new MisuseError(
      `a resource is an absolute path such as "/api/tasks", not ${JSON.stringify(resource)}`,
    );
  }
  // Nothing to clean, as nearly always: a third of what judging a request costs otherwise.
  if (!UNCLEAN.test(resource)) return resource;
  const clean = posix.normalize(resource);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/**
 * Refuses the path of a request in place of a resource: nothing is ever granted there.
 *
 * @throws MisuseError that tells the resource
 */
export function checkResource(resource: string): void {
  const [, rest] = PATH_OF_API.exec(resource) ?? [];
  if (rest === undefined) return;
  throw new MisuseError(
    `${JSON.stringify(resource)} is the path of a request; its resource is ${JSON.stringify(apiResource(rest))}`,
  );
}

const PATH_OF_API = /^\/kapacitor\/v1(?:preview)?((?:\/.*)?)$/;

/** Whether a resource, in its canonical form, is for administrators only, whatever else is granted. */
export function isForAdmins(resource: string): boolean {
  return (
    resource.startsWith(STORAGE_RESOURCE) &&
    (resource.length === STORAGE_RESOURCE.length || resource[STORAGE_RESOURCE.length] === '/')
  );
}

/** The resource of an HTTP endpoint: `tasks` or `/tasks` is `/api/tasks`. */
export function apiResource(path: string): string {
  return cleanResource(`${API_RESOURCE}/${path}`);
}

/**
 * The resource of a database. Different names have different resources, whatever characters they hold,
 * and no name reaches outside `/database`.
 *
 * @param name - the database's name, not empty
 * @throws MisuseError when the name is empty
 */
export function databaseResource(name: string): string {
  if (name === '') throw new MisuseError('a database has a name: "" names none');
  return `${DATABASE_RESOURCE}/${encodeSegment(name)}`;
}

/**
 * The resource of a retention policy, below that of its database.
 *
 * @throws MisuseError when one of the names is empty
 */
export function retentionPolicyResource(database: string, name: string): string {
  if (name === '') throw new MisuseError('a retention policy has a name: "" names none');
  return `${databaseResource(database)}/${encodeSegment(name)}`;
}

/** Percent-encodes all that could be read as more or less than one path segment; one-to-one. */
function encodeSegment(name: string): string {
  // encodeURIComponent leaves dots alone and throws on half a surrogate pair.
  if (/^\.+$/.test(name)) return name.replaceAll('.', '%2E');
  if (name.isWellFormed()) return encodeURIComponent(name);
  return name.replace(/[^\w.~-]/gu, (character) =>
    character.isWellFormed()
      ? encodeURIComponent(character)
      : `%u${character.charCodeAt(0).toString(16)}`,
  );
}
