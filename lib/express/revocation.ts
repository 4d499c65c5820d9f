import type {
  RevocationOptions,
  RevokedListener,
  StreamRequest,
} from '../authenticate/streams/open-stream.js';
import type { OpenStreams } from '../authenticate/streams/open-streams.js';
import { parseCredentials } from '../credentials/parse.js';
import { MisuseError } from '../errors.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { AnswerPolicy } from './answer-policy.js';
import { policyOfUser } from './answer-policy.js';
import { checkOptions } from './calling.js';

/** A request that was let in and goes on; `node:http`'s and Express' requests fit. */
export interface RunningRequest extends StreamRequest {
  /** The user, if the middleware put one there. */
  readonly user?: KapacitorUser | undefined;
  /** The user if `property` is `'kapacitorUser'`. */
  readonly kapacitorUser?: KapacitorUser | undefined;
}

/** Tells of running requests whose user may no longer be there. */
export interface Revocation {
  /**
   * Calls a listener once when the user of a running request may no longer be there, so that the
   * app can end it: server-sent events, a WebSocket, a long download. That is when a new request
   * with the same credentials would be refused: the password is another one, the user is gone, the
   * token expired (RFC 7519, section 4.1.4) or was revoked, or the user lost rights. A hash that is
   * renewed for the same password ends nothing, and neither do more rights.
   *
   * A change by this process is told at once, one by another process when the store learns of it.
   * If the store can't say for 30 s (and `stale-if-error`) if the user may still be there, the
   * reason is a StoreUnavailableError.
   *
   * A request without credentials of its user, as with a session, is judged by the user in
   * `request.user`: a new password does not end it.
   *
   * @param request - a request that was let in, by the middleware or by `auth.authenticate`
   * @param listener - gets the error that a new request would be refused with; if it throws, the
   *   logger gets a message
   * @returns a function that stops it; call it when the response or the socket closes
   * @throws MisuseError without a request or a listener, and for unknown options
   *
   * @example
   * ```ts
   * const stop = auth.onRevoked(request, () => response.destroy());
   * response.on('close', stop);
   * ```
   */
  onRevoked(
    request: RunningRequest,
    listener: RevokedListener,
    options?: RevocationOptions,
  ): () => void;
}

const FORM = 'auth.onRevoked(request, listener, options)';

/** Finds the users of requests by the policy of their instance. */
export function revocation(streams: OpenStreams, policy: AnswerPolicy): Revocation {
  return {
    onRevoked: (request, listener, options = {}) => {
      checkGiven(request, listener);
      checkOptions(FORM, options, ['judge']);
      const user = ownUser(request, policy);
      if (policy.admitsAll || isAnonymous(request, user, policy)) return () => undefined;
      return streams.add({ request, listener, user, judge: options.judge });
    },
  };
}

/** Returns true for a request that was let in without credentials, as a new one would be. */
function isAnonymous(
  request: RunningRequest,
  user: KapacitorUser | undefined,
  { optional }: AnswerPolicy,
): boolean {
  return optional && user === undefined && parseCredentials(request).kind === 'missing';
}

/** The user that this instance resolved; apps may keep others in the same place. */
function ownUser(request: RunningRequest, policy: AnswerPolicy): KapacitorUser | undefined {
  const user = request[policy.property];
  return policyOfUser(user) === policy ? user : undefined;
}

function checkGiven(request: unknown, listener: unknown): void {
  const isRequest = typeof request === 'object' && request !== null && 'headers' in request;
  if (isRequest && typeof listener === 'function') return;
  throw new MisuseError(
    `${FORM}: give it a request that was let in, and a function that ends its answer`,
  );
}
