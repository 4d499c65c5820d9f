import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthConfig, KapacitorAuth } from '../index.js';
import { answerJson } from '../index.js';
import { pathOf, PATHS, READING } from './own-paths.js';

/** Returns true if a request asks about health. */
export function isHealthQuestion({ method = '', url = '' }: IncomingMessage): boolean {
  return READING.includes(method) && pathOf(url) === PATHS.health;
}

/** Milliseconds that an answer is reused. */
const FRESH = 250;

/** The setting by which requests are refused, or only reported. */
export interface EnforcedAuth {
  readonly config: { readonly auth: Pick<AuthConfig, 'enforce'> };
}

/** Answers a question about health, and shows if refusals are only reported. */
export function answerHealth(
  response: ServerResponse,
  isReady: boolean,
  { config: { auth } }: EnforcedAuth,
): void {
  const { enforce } = auth;
  const status = isReady ? 'pass' : 'fail';
  answerJson(response, isReady ? 200 : 503, enforce === 'on' ? { status } : { status, enforce });
}

/**
 * Tells whether users can be authenticated, for load balancers and container engines. It needs no
 * credentials and reveals only that, and if a gateway only reports. As anybody may ask, it checks
 * the source once at a time, and at most once in 250 ms.
 *
 * @param now - a clock that never goes back, in milliseconds
 */
export function health(
  auth: Pick<KapacitorAuth, 'check'> & EnforcedAuth,
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
    answerHealth(response, isReady, auth);
  };
}
