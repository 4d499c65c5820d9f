import type { RequestHandler } from 'express';
import { MisuseError } from '../errors.js';
import type { AnswerPolicy } from './answer-policy.js';
import { policyOf } from './answer-policy.js';

/** @throws MisuseError that shows the right use of `taker` */
export function refuseOther(taker: string, form: string): never {
  throw new MisuseError(
    `${taker} takes what kapacitorAuth() returned: const auth = kapacitorAuth(); ${form}`,
  );
}

/**
 * The policy of the `auth` that an app gave to a function.
 *
 * @param taker - the name of the function
 * @param form - its right use
 * @throws MisuseError unless `auth` is the result of `kapacitorAuth()`
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
