import type { RequestAuthenticator } from '../authenticate/strategy.js';
import { KapacitorAuthError } from '../errors.js';
import { bindUser } from './edge.js';
import type { Edge } from './edge.js';

/**
 * An authenticator for those who answer by themselves: what it rejects with is reported, and guards find the edge of the
 * users that it resolves.
 */
export function reportingAuthenticator(
  authenticator: RequestAuthenticator,
  edge: Edge,
): RequestAuthenticator {
  return {
    authenticate: (request) => {
      const user = authenticator.authenticate(request);
      // Who is known at once was resolved by a promise before.
      if (!(user instanceof Promise)) return user;
      return user.then(
        (found) => {
          bindUser(found, edge);
          return found;
        },
        (error: unknown) => {
          if (error instanceof KapacitorAuthError) edge.report(error, request);
          throw error;
        },
      );
    },
  };
}
