import { isGrant } from '../privileges/grant.js';
import { API_RESOURCE, DATABASE_RESOURCE } from '../privileges/resource.js';

/** Ends the resource of a database that is named as it is (`auth.DatabaseResource`). */
const CLEAN = '_clean';

/** Ends the resource of a database whose slashes Kapacitor wrote as `_`: two names may be it. */
const DIRTY = '_dirty';

/** A segment of an endpoint that means only itself in a grant. */
const PLAIN_SEGMENT = /^(?!\.+$)[\p{L}\p{N}\-._@~]+$/u;

/**
 * The place of a grant that means a resource of Kapacitor: `/api/tasks/cpu` is `tasks/cpu`,
 * `/database/telegraf_clean` is `database/telegraf`. Undefined if no grant can name it.
 */
export function grantPlace(resource: string): string | undefined {
  const place = databasePlace(resource) ?? endpointPlace(resource);
  return place !== undefined && isGrant(`read,write,delete:${place}`) ? place : undefined;
}

/** Returns true if a resource is that of a database or of all of them. */
export function isOfDatabases(resource: string): boolean {
  return resource === DATABASE_RESOURCE || resource.startsWith(`${DATABASE_RESOURCE}/`);
}

/**
 * The name of the database that a resource of Kapacitor means; empty for all of them. Undefined if
 * its name is not certain.
 */
export function databaseName(resource: string): string | undefined {
  if (resource === DATABASE_RESOURCE) return '';
  if (!isOfDatabases(resource) || !resource.endsWith(CLEAN)) return undefined;
  const name = resource.slice(DATABASE_RESOURCE.length + 1, -CLEAN.length);
  return name === '' || name.includes('/') ? undefined : name;
}

/** Returns true if Kapacitor lost slashes of the database's name in this resource. */
export function isAmbiguousDatabase(resource: string): boolean {
  return isOfDatabases(resource) && resource.endsWith(DIRTY);
}

function databasePlace(resource: string): string | undefined {
  const name = databaseName(resource);
  if (name === undefined) return undefined;
  if (name === '') return 'database';
  // A grant has no empty or dot segments.
  return /^\.+$/.test(name) ? undefined : `database/${encodeName(name)}`;
}

function endpointPlace(resource: string): string | undefined {
  if (!resource.startsWith(`${API_RESOURCE}/`)) return undefined;
  const segments = resource.slice(API_RESOURCE.length + 1).split('/');
  const isPlain = segments[0] !== 'database' && segments.every((each) => PLAIN_SEGMENT.test(each));
  return isPlain ? segments.join('/') : undefined;
}

function encodeName(name: string): string {
  return name.replace(/[%*\p{Cc}]/gu, (character) =>
    encodeURIComponent(character).replace('*', '%2A'),
  );
}
