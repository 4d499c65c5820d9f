import type { Authenticator, LoginRequest } from '../authenticate/authenticator.js';
import { KapacitorAuthError, MisuseError } from '../errors.js';
import { invalidRequest } from '../invalid-request.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { AnswerPolicy } from './answer-policy.js';

/** Verifies names and passwords from a login form. */
export interface LoginForm {
  /**
   * The user of a name and a password, for login forms: throttled, counted and reported to
   * listeners like a request with these credentials. While `http.auth-enabled` is false everybody
   * is `ADMIN_USER`.
   *
   * @param name - as the user typed it
   * @param password - as the user typed it
   * @param request - the request that brought them, for the client's address
   * @throws AuthenticationError (`ERR_KAUTH_FAILED`, `ERR_KAUTH_USERNAME_REQUIRED`);
   *   ThrottledError; StoreUnavailableError; OverloadedError; InvalidRequestError if name or
   *   password is no text; MisuseError without a request
   *
   * @example
   * ```ts
   * const user = await auth.verify(request.body.name, request.body.password, request);
   * ```
   */
  verify(name: string, password: string, request: LoginRequest): Promise<KapacitorUser>;
}

/** Verifies by an authenticator, and reports its refusals. */
export function loginForm(
  authenticator: Pick<Authenticator, 'verify'>,
  policy: AnswerPolicy,
): LoginForm {
  return {
    async verify(name, password, request) {
      checkRequest(request);
      try {
        return await authenticator.verify(textsOf(name, password), request);
      } catch (error) {
        if (error instanceof KapacitorAuthError) policy.report(error, request);
        throw error;
      }
    },
  };
}

function checkRequest(request: unknown): void {
  if (typeof request === 'object' && request !== null && 'headers' in request) return;
  throw new MisuseError(
    'auth.verify(name, password, request): give it the request that brought name and password, by whose address logins are throttled',
  );
}

/** A client fills in the form: a field that is missing or sent twice is no text. */
function textsOf(name: unknown, password: unknown): { name: string; password: string } {
  if (typeof name === 'string' && typeof password === 'string') return { name, password };
  throw invalidRequest('name and password must be texts');
}
