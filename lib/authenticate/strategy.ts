import { BasicStrategy } from 'passport-http';
import { AuthenticationError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { AuthenticationRequest } from './authenticator.js';

/** Who answers who sent a request, such as what `kapacitorAuth()` returned. */
export interface RequestAuthenticator {
  /** The user, or a promise of it; a promise rejects with an AuthenticationError for who is unknown. */
  authenticate(request: AuthenticationRequest): MaybePromise<KapacitorUser>;
}

/** What a strategy reports to: an object of the request's own, as passport makes it. */
export interface StrategyActions {
  /** The user who sent the request. */
  success(user: KapacitorUser): void;
  /** Nobody that is known sent it. */
  fail(challenge: string, status: number, error: AuthenticationError): void;
  /** It can't be told. */
  error(error: unknown): void;
}

/**
 * The passport strategy `kapacitor`. It extends passport-http's BasicStrategy, and reads and judges credentials itself: Basic as RFC 7617
 * has it, Bearer tokens, and the query parameters `u` and `p`.
 *
 * @example
 * ```ts
 * app.use(auth.passport.authenticate('kapacitor', { session: false }));
 * ```
 */
export class KapacitorStrategy extends BasicStrategy {
  /** The name that passport knows it by. */
  override readonly name: string = 'kapacitor';
  /** Judges a request and reports to `this`, which holds nothing of another request. */
  override readonly authenticate: (this: StrategyActions, request: AuthenticationRequest) => void;

  /**
   * @param authenticator - who is asked
   * @param challenge - the value of `WWW-Authenticate` that passport answers with
   */
  constructor(authenticator: RequestAuthenticator, challenge: string) {
    super((_name, _password, done) => {
      done(null, false);
    });
    this.authenticate = function (request) {
      const user = authenticator.authenticate(request);
      if (!(user instanceof Promise)) {
        this.success(user);
        return;
      }
      const refuse = (error: unknown): void => {
        if (error instanceof AuthenticationError) this.fail(challenge, error.status, error);
        else this.error(error);
      };
      user
        .then((found) => {
          this.success(found);
        }, refuse)
        .catch((error: unknown) => {
          this.error(error);
        });
    };
  }
}
