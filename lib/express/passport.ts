import type { RequestHandler } from 'express';
import type { PassportStrategy } from '../authenticate/passport-strategy.js';

declare global {
  namespace Express {
    interface Request {
      /** As passport's types declare it, for apps that do without them. */
      user?: User | undefined;
    }
  }
}

/**
 * A passport: an `Authenticator` of the package `passport`. These types are our own, so that an app
 * needs `@types/passport` only if it uses passport itself.
 */
export interface PassportAuthenticator {
  /** Registers a strategy under its own name. */
  use(strategy: PassportStrategy): this;
  /** Registers a strategy under a name. */
  use(name: string, strategy: PassportStrategy): this;
  /** Forgets the strategy of a name. */
  unuse(name: string): this;
  /** A handler that readies requests; only needed by strategies that keep a session. */
  initialize(options?: { readonly compat?: boolean | undefined }): RequestHandler;
  /** A handler that takes the user from a session. */
  session(options?: { readonly pauseStream: boolean }): RequestHandler;
  /** A handler that lets a request pass if one of the strategies knows its user. */
  authenticate(
    strategy: string | string[] | PassportStrategy,
    options?: PassportOptions | PassportListener,
    listener?: PassportListener,
  ): RequestHandler;
  /** Turns a user into what a session keeps. */
  serializeUser<Kept>(serialize: SerializeUser<Kept>): void;
  /** Turns what a session keeps into a user. */
  deserializeUser<Kept>(deserialize: DeserializeUser<Kept>): void;
}

/** Turns a user into what a session keeps. */
export type SerializeUser<Kept> = (
  user: Express.User,
  done: (error: unknown, kept?: Kept) => void,
) => void;

/** Turns what a session keeps into a user. */
export type DeserializeUser<Kept> = (
  kept: Kept,
  done: (error: unknown, user?: Express.User | false | null) => void,
) => void;

/** Options of {@link PassportAuthenticator.authenticate}, as passport describes them. */
export interface PassportOptions {
  /** Keeps the user in a session; true if left out. */
  readonly session?: boolean | undefined;
  /** The request's property for the user, in place of `user`; then nobody is logged in. */
  readonly assignProperty?: string | undefined;
  /** Keeps what the strategy tells of the user in `req.authInfo`; true if left out. */
  readonly authInfo?: boolean | undefined;
  /** Hands a failure to the app's error handler; otherwise passport answers it. */
  readonly failWithError?: boolean | undefined;
  /** Keeps this text, or with true the strategy's, for the next page after a failure. */
  readonly failureFlash?: string | boolean | undefined;
  /** Keeps this text, or with true the strategy's, in the session after a failure. */
  readonly failureMessage?: string | boolean | undefined;
  /** Address to which a failed request is sent. */
  readonly failureRedirect?: string | undefined;
  /** Keeps what was in the session before the login. */
  readonly keepSessionInfo?: boolean | undefined;
  /** For strategies of OAuth: what the provider asks the user. */
  readonly prompt?: string | undefined;
  /** For strategies of OAuth: what the app asks for. */
  readonly scope?: string | string[] | undefined;
  /** For strategies of OAuth: a value that comes back with the answer. */
  readonly state?: string | undefined;
  /** Keeps this text, or with true the strategy's, for the next page after a login. */
  readonly successFlash?: string | boolean | undefined;
  /** Keeps this text, or with true the strategy's, in the session after a login. */
  readonly successMessage?: string | boolean | undefined;
  /** Address to which a request that has logged in is sent. */
  readonly successRedirect?: string | undefined;
  /** The same, but `req.session.returnTo` comes first. */
  readonly successReturnToOrRedirect?: string | undefined;
}

/** Hears the outcome instead of passport's own answer. */
export type PassportListener = (
  error: unknown,
  user?: Express.User | false | null,
  info?: object | string | (string | undefined)[],
  status?: number | (number | undefined)[],
) => unknown;
