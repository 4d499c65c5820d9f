import type { RequestHandler } from 'express';
import { MisuseError } from '../errors.js';
import type { AnswerPolicy } from './answer-policy.js';
import { policyOf } from './answer-policy.js';

/** @throws MisuseError that tells how `taker` is used right */
export function refuseOther(taker: string, form: string): never {
  throw new MisuseError(
    `${taker} takes what kapacitorAuth() returned: const auth = kapacitorAuth(); ${form}`,
  );
}

/**
 * The policy of what an app gave in place of `auth`.
 *
 * @param taker - the function that takes it
 * @param form - how it is used right
 * @throws MisuseError when it is not what `kapacitorAuth()` returned
 */
export function ownPolicy(
  taker: string,
  form: string,
  auth: RequestHandler | undefined,
): AnswerPolicy {
  const policy = typeof auth === 'function' ? policyOf(auth) : undefined;
  if (policy !== undefined) return policy;
  return refuseOther(taker, form);
}
