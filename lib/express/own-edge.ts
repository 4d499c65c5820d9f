import type { RequestHandler } from 'express';
import { MisuseError } from '../errors.js';
import { edgeOf } from './answer-policy.js';
import type { Edge } from './answer-policy.js';

/** @throws MisuseError that tells how `taker` is used right */
export function refuseOther(taker: string, form: string): never {
  throw new MisuseError(
    `${taker} takes what kapacitorAuth() returned: const auth = kapacitorAuth(); ${form}`,
  );
}

/**
 * The edge of what an app gave in place of `auth`.
 *
 * @param taker - the function that takes it
 * @param form - how it is used right
 * @throws MisuseError when it is not what `kapacitorAuth()` returned
 */
export function ownEdge(taker: string, form: string, auth: RequestHandler | undefined): Edge {
  const edge = typeof auth === 'function' ? edgeOf(auth) : undefined;
  if (edge !== undefined) return edge;
  return refuseOther(taker, form);
}
