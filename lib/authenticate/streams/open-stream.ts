import type { CredentialsRequest } from '../../credentials/parse.js';
import type { KapacitorAuthError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { ReportedRequest } from '../../observe/request-facts.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { AuthenticationRequest } from '../authenticator.js';
import type { KnownUser } from '../known-requests.js';

/** A request whose answer goes on; `node:http`'s and Express' requests fit. */
export interface StreamRequest extends AuthenticationRequest, ReportedRequest {}

/**
 * Called once when the user of a request may no longer be there.
 *
 * @param reason - the error that a new request would be refused with
 */
export type RevokedListener = (reason: KapacitorAuthError) => unknown;

/** Options of `auth.onRevoked`. */
export interface RevocationOptions {
  /**
   * Judges the user as of now after each change of that user: throws or returns false if the
   * request would be refused now. If left out, a user who lost any right is refused.
   */
  readonly judge?: ((user: KapacitorUser) => MaybePromise<unknown>) | undefined;
}

/** Parts of an {@link OpenStream}. */
export interface OpenStreamParts extends RevocationOptions {
  readonly request: StreamRequest;
  /** The credentials that the request brought, by reference. */
  readonly sent: CredentialsRequest;
  readonly listener: RevokedListener;
  /** The user that the request was let in as, if that is known. */
  readonly user: KapacitorUser | undefined;
  /** True if the user was not found by the request's own credentials, but by a session. */
  readonly isSession: boolean;
}

/** A request that was let in and goes on, with what is known of its user. */
export class OpenStream {
  readonly parts: OpenStreamParts;
  /** In milliseconds of this process' steady clock. */
  readonly began: number = performance.now();
  /** The user that the request was let in as. */
  first: KapacitorUser | undefined;
  /** The meaning of the credentials; undefined until they were judged. */
  known: KnownUser | undefined;
  /** The end of the time for which the last judgement counts, in the same milliseconds. */
  until = 0;
  /** The time at which it ends unless it could be judged again before. */
  deadline: number;
  /** True while it is judged. */
  isJudged = false;
  /** Streams of one key are judged together. */
  readonly key: string;

  constructor(parts: OpenStreamParts) {
    this.parts = parts;
    this.first = parts.user;
    this.key = parts.user?.name ?? '';
    this.deadline = Infinity;
  }

  /** The name of its user; undefined until it is known. */
  get name(): string | undefined {
    return this.first?.name;
  }

  /** Milliseconds of the wall clock until the token of the request expires. */
  get tokenLeft(): number {
    const { tokenExpires } = this.known ?? { tokenExpires: Infinity };
    return tokenExpires === Infinity ? Infinity : tokenExpires * 1000 - Date.now();
  }

  /** True if the connection is gone or the answer of Express is finished. */
  get isOver(): boolean {
    const { request } = this.parts;
    const { socket } = request;
    if (socket !== undefined && isTrueIn(socket, 'destroyed')) return true;
    const response: unknown = 'res' in request ? request.res : undefined;
    return typeof response === 'object' && response !== null && isTrueIn(response, 'closed');
  }
}

function isTrueIn(thing: object, field: string): boolean {
  return Reflect.get(thing, field) === true;
}
