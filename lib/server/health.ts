import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KapacitorAuth } from '../index.js';
import { answerJson } from '../index.js';

/** Milliseconds that an answer is reused. */
const FRESH = 250;

/**
 * Tells whether users can be authenticated, for load balancers and container engines. It needs no
 * credentials and reveals nothing else. As anybody may ask, it checks the source once at a time,
 * and at most once in 250 ms.
 *
 * @param now - a clock that never goes back, in milliseconds
 */
export function health(
  auth: Pick<KapacitorAuth, 'check'>,
  now: () => number = () => performance.now(),
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let isReady = false;
  let freshUntil = -Infinity;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    isReady = await auth.check().then(
      () => true,
      () => false,
    );
    freshUntil = now() + FRESH;
    asking = undefined;
  };
  return async (_request, response) => {
    if (now() >= freshUntil) await (asking ??= ask());
    answerJson(response, isReady ? 200 : 503, { status: isReady ? 'pass' : 'fail' });
  };
}
