import { InvalidRequestError } from '../errors.js';
import { readApiRequest } from './api-request.js';
import { judgeApiRequest } from './judge.js';
import { cleanResource } from './resource.js';
import type { KapacitorUser } from './user.js';

/** A request that names a task or a template in its body: the id of a new one, or a new id. */
export interface TaskChange {
  /** `POST` creates a task or template, `PATCH` changes one. */
  readonly method: 'POST' | 'PATCH';
  /** The canonical path of all tasks, or of all templates. */
  readonly collection: string;
}

/** Paths that can't be of tasks are told without reading them. */
const MAY_BE = /^[^?]*(?:tasks|templates|%)/i;

const COLLECTION = /^\/api\/(?:tasks|templates)$/i;
const ITEM = /^\/api\/(?:tasks|templates)\/[^/]+$/i;

/** Kapacitor's own rule for the ids of tasks and templates. */
const ID = /^[-._\p{L}0-9]+$/u;

/**
 * Tells if a request creates or changes a task or a template of Kapacitor's API.
 *
 * @param target - the request target: path and query
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`)
 */
export function taskChangeOf(method: string, target: string): TaskChange | undefined {
  if ((method !== 'POST' && method !== 'PATCH') || !MAY_BE.test(target)) return undefined;
  const { resource, path } = readApiRequest(method, target);
  const place = path.replace(/\/$/, '');
  if (method === 'POST')
    return COLLECTION.test(resource) ? { method, collection: place } : undefined;
  if (!ITEM.test(resource)) return undefined;
  return { method, collection: place.slice(0, place.lastIndexOf('/')) };
}

/**
 * Refuses a request before its body is read if no id in it could make it allowed: of a user who may
 * not change the task, or may create none at all.
 *
 * @param target - the request target: path and query
 * @throws AuthorizationError
 */
export function judgeBeforeBody(user: KapacitorUser, { method }: TaskChange, target: string): void {
  if (method === 'POST' && mayWriteBelow(user, readApiRequest(method, target).resource)) return;
  judgeApiRequest(user, method, target);
}

/** Without an entry of its own below a resource, a user may do there what it may do on it. */
function mayWriteBelow(user: KapacitorUser, resource: string): boolean {
  const below = `${resource}/`.toLowerCase();
  return Object.keys(user.privileges).some(
    (each) => cleanResource(each).toLowerCase().startsWith(below) && user.can('write', each),
  );
}

/**
 * Judges a request to create or change a task by the id in its body. To create one needs `write` on
 * it, or on all without an id; to change one, `write` on it and on what it is renamed to.
 *
 * @param id - as in the body; undefined if there is none
 * @returns the canonical path of the request
 * @throws AuthorizationError; InvalidRequestError
 */
export function judgeTaskChange(
  user: KapacitorUser,
  { method, collection }: TaskChange,
  { target, id }: { readonly target: string; readonly id: string | undefined },
): string {
  if (id === undefined) return judgeApiRequest(user, method, target);
  if (!ID.test(id)) {
    throw new InvalidRequestError(
      'ERR_KAUTH_INVALID_REQUEST',
      'the id must contain only letters, numbers, "-", "." and "_"',
    );
  }
  judgeApiRequest(user, method, `${collection}/${encodeURIComponent(id)}`);
  return method === 'PATCH'
    ? judgeApiRequest(user, method, target)
    : readApiRequest(method, target).path;
}
