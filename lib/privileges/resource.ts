import { posix } from 'node:path';
import { MisuseError } from '../errors.js';

/** The resource above all HTTP endpoints. */
export const API_RESOURCE = '/api';

/** Kapacitor's stores. A backup of them holds every hash, and every subscription token in clear. */
export const STORAGE_RESOURCE = '/api/storage';

/** The resource above all databases. */
export const DATABASE_RESOURCE = '/database';

/** A slash before another, before a dot, or at the end. */
const UNCLEAN = /\/(?:[/.]|$)/;

/**
 * The canonical form of a resource: no `.`, `..`, doubled or trailing slashes.
 *
 * @param resource - an absolute path such as `/api/tasks/`
 * @throws MisuseError if it does not start with a slash
 */
export function cleanResource(resource: string): string {
  if (!resource.startsWith('/')) {
    throw new MisuseError(
      `a resource is an absolute path such as "/api/tasks", not ${JSON.stringify(resource)}`,
    );
  }
  // A shortcut for nearly every resource: to normalise costs a third of the judgement of a request.
  if (!UNCLEAN.test(resource)) return resource;
  const clean = posix.normalize(resource);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/**
 * Refuses the path of a request given as a resource: nothing is ever granted on it.
 *
 * @throws MisuseError that names the right resource
 */
export function checkResource(resource: string): void {
  const [, rest] = PATH_OF_API.exec(resource) ?? [];
  if (rest === undefined) return;
  throw new MisuseError(
    `${JSON.stringify(resource)} is the path of a request; its resource is ${JSON.stringify(apiResource(rest))}`,
  );
}

const PATH_OF_API = /^\/kapacitor\/v1(?:preview)?((?:\/.*)?)$/;

/** Returns true if a canonical resource is for administrators only, whatever is granted. */
export function isForAdmins(resource: string): boolean {
  return (
    resource.startsWith(STORAGE_RESOURCE) &&
    (resource.length === STORAGE_RESOURCE.length || resource[STORAGE_RESOURCE.length] === '/')
  );
}

/** Returns true if a canonical resource is that of an endpoint, or all of them. */
export function isApiResource(resource: string): boolean {
  return resource === API_RESOURCE || resource.startsWith(`${API_RESOURCE}/`);
}

/** The resource of an HTTP endpoint: `tasks` or `/tasks` is `/api/tasks`. */
export function apiResource(path: string): string {
  return cleanResource(`${API_RESOURCE}/${path}`);
}

/**
 * The resource of a database. Different names have different resources, whatever characters they
 * hold, and no name reaches outside `/database`.
 *
 * @param name - the database's name, not empty
 * @throws MisuseError if the name is empty
 */
export function databaseResource(name: string): string {
  if (name === '') throw new MisuseError('a database has a name: "" names none');
  return `${DATABASE_RESOURCE}/${encodeSegment(name)}`;
}

/**
 * The resource of a retention policy, below that of its database.
 *
 * @throws MisuseError if one of the names is empty
 */
export function retentionPolicyResource(database: string, name: string): string {
  if (name === '') throw new MisuseError('a retention policy has a name: "" names none');
  return `${databaseResource(database)}/${encodeSegment(name)}`;
}

/** The resource of a retention policy, or of all of a database if it is left out. */
export function placeResource(database: string, retentionPolicy?: string): string {
  return retentionPolicy === undefined
    ? databaseResource(database)
    : retentionPolicyResource(database, retentionPolicy);
}

/**
 * Percent-encodes everything that could be read as more or less than one path segment, and `*`,
 * which ends the place of some grants. Different names stay different.
 */
export function encodeSegment(name: string): string {
  // encodeURIComponent keeps dots and stars, and throws on half a surrogate pair.
  if (/^\.+$/.test(name)) return name.replaceAll('.', '%2E');
  const encoded = name.isWellFormed() ? encodeURIComponent(name) : encodeIllFormed(name);
  return encoded.includes('*') ? encoded.replaceAll('*', '%2A') : encoded;
}

function encodeIllFormed(name: string): string {
  return name.replace(/[^\w.~-]/gu, (character) =>
    character.isWellFormed()
      ? encodeURIComponent(character)
      : `%u${character.charCodeAt(0).toString(16)}`,
  );
}
