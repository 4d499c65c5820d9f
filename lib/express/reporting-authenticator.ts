import type { RequestAuthenticator } from '../authenticate/strategy.js';
import { KapacitorAuthError, MisuseError } from '../errors.js';
import type { AnswerPolicy } from './answer-policy.js';

/**
 * Makes an authenticator that reports its refusals, for callers that answer requests themselves.
 */
export function reportingAuthenticator(
  authenticator: RequestAuthenticator,
  policy: AnswerPolicy,
): RequestAuthenticator {
  return {
    authenticate: (request) => {
      const user = authenticator.authenticate(request);
      // A user who is returned at once was resolved by a promise before.
      if (!(user instanceof Promise)) return user;
      return user.catch((error: unknown) => {
        if (error instanceof KapacitorAuthError) policy.report(error, request);
        throw error;
      });
    },
  };
}

/** @throws MisuseError if `auth.authenticate` got no request */
export function checkAuthenticated(request: unknown): void {
  if (typeof request === 'object' && request !== null && 'headers' in request) return;
  throw new MisuseError(
    'auth.authenticate(request): give it the request whose credentials are to be judged, with its headers',
  );
}
