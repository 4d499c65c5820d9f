import type { MaybePromise } from '../../maybe-promise.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { StoredUser } from '../../stores/user-store.js';
import type { LoginRequest } from '../authenticator.js';

/** The time between a login at a form and the log-out. */
export interface Session {
  /** The user with its rights as of now. */
  readonly user: KapacitorUser;
  readonly id: string;
  /** In milliseconds since 1970, as is `expiresAt`. */
  readonly startedAt: number;
  readonly expiresAt: number;
  /** The value that the browser should keep from now on; left out if the present one stays. */
  readonly renewed?: string | undefined;
  /** Returns true if the session is still bound to a user as the store holds it. */
  readonly isOf: (present: StoredUser) => boolean;
}

/** Keeps browsers logged in by a value that they send with each request. */
export interface Sessions {
  /**
   * Sets the key that all processes of one server share; `http.shared-secret` wins over it. Call it
   * before the first use: sessions that began under another key are over.
   *
   * @param key - at least 32 bytes that nobody else knows
   * @throws MisuseError for a shorter one
   */
  useKey(key: string): void;
  /**
   * Logs in by a name and a password, as `auth.verify` does.
   *
   * @throws as `auth.verify`
   */
  begin(
    name: string,
    password: string,
    request: LoginRequest,
  ): Promise<{ session: Session; value: string }>;
  /** The session of a value; undefined if it is over. @throws StoreUnavailableError */
  find(value: string): MaybePromise<Session | undefined>;
  /**
   * Ends the session of a value that we made, also if its user is another one just now: that may be
   * news which is on its way, or change again.
   *
   * @throws StoreUnavailableError
   */
  end(value: string): Promise<void>;
}
