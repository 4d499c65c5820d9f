import type { KapacitorUser } from '../privileges/user.js';

/** A strategy of passport; those of other packages fit. */
export interface PassportStrategy {
  /** The name by which `use` registers it, unless it is given another. */
  readonly name?: string | undefined;
  /** Judges a request, and reports to `this`. */
  authenticate(this: PassportActions, request: never, options?: never): unknown;
}

/** The methods that passport gives a strategy for one request. */
export interface PassportActions {
  /** This user sent the request. */
  success(user: KapacitorUser, info?: object): void;
  /** No known user sent the request. */
  fail(challenge?: unknown, status?: number): void;
  /** Sends the client elsewhere. */
  redirect(url: string, status?: number): void;
  /** Lets the request pass without a user. */
  pass(): void;
  /** The user can't be determined. */
  error(error: unknown): void;
}
