import { BasicStrategy } from 'passport-http';
import { AuthenticationError } from '../errors.js';
import type { MaybePromise } from '../maybe-promise.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { AuthenticationRequest } from './authenticator.js';
import type { PassportActions, PassportStrategy } from './passport-strategy.js';

/** Identifies the user of a request, such as the result of `kapacitorAuth()`. */
export interface RequestAuthenticator {
  /**
   * Returns the user, or a promise of one. The promise rejects with an AuthenticationError if the
   * user is unknown.
   */
  authenticate(request: AuthenticationRequest): MaybePromise<KapacitorUser>;
}

/** The methods that this strategy reports to: passport gives them, and any object may. */
export interface StrategyActions extends Pick<PassportActions, 'success' | 'error'> {
  /** No known user sent the request. */
  fail(challenge: string, status: number, error: AuthenticationError): void;
}

type Verify = (name: string, password: string, done: (error: null, user: false) => void) => void;

/** So that an app needs no types of passport-http. */
const Basic: new (verify: Verify) => PassportStrategy = BasicStrategy;

/**
 * The passport strategy `kapacitor`. It extends passport-http's BasicStrategy, but reads and judges
 * credentials itself: Basic as in RFC 7617, Bearer tokens, and the query parameters `u` and `p`.
 *
 * @example
 * ```ts
 * app.use(auth.passport.authenticate('kapacitor', { session: false }));
 * ```
 */
export class KapacitorStrategy extends Basic {
  /** The name of the strategy in passport. */
  override readonly name: string = 'kapacitor';
  /** Judges a request and reports to `this`, an object of this request alone. */
  override readonly authenticate: (this: StrategyActions, request: AuthenticationRequest) => void;

  /**
   * @param authenticator - identifies the user
   * @param challenge - the value of `WWW-Authenticate` in passport's answer
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
