import type { AuthenticationRequest, Authenticator } from '../authenticate/authenticator.js';
import type { KapacitorAuthError } from '../errors.js';
import { OverloadedError } from '../errors.js';
import type { Reporter } from '../observe/reporter.js';
import type { ReportedRequest } from '../observe/request-facts.js';
import type { KapacitorUser } from '../privileges/user.js';
import { isRefusal } from './answer-policy.js';

/** A request that is judged while it passes; requests of `node:http` fit. */
export interface PassingRequest extends AuthenticationRequest, ReportedRequest {}

/** The way to judge one request, and who is told of it. */
export interface PassingCase {
  /** Judges the user. @throws AuthorizationError; InvalidRequestError */
  readonly judge: (user: KapacitorUser) => unknown;
  /** Told the reason why the request would have been refused, after it was reported. */
  readonly reported: (reason: KapacitorAuthError) => void;
  /** Told of an error that is no refusal. */
  readonly failed: (error: unknown) => void;
}

/**
 * Judges a request that has passed already, and reports it if it would have been refused. The
 * request waits for nothing, and nothing is thrown.
 */
export type JudgePassing = (request: PassingRequest, passing: PassingCase) => void;

/** Limit of requests that are judged at once. */
const MOST_JUDGED = 256;

/**
 * Makes what judges requests that pass. At most 256 are judged at once, to bound memory: others are
 * reported as overloaded, which stands for "not judged".
 */
export function judgePassing(
  authenticator: Pick<Authenticator, 'authenticate' | 'recall'>,
  reporter: Pick<Reporter, 'reported'>,
): JudgePassing {
  let running = 0;
  const identify = async (request: PassingRequest): Promise<KapacitorUser> => {
    if (running >= MOST_JUDGED) throw new OverloadedError(TOO_MANY);
    running += 1;
    try {
      return await authenticator.authenticate(request);
    } finally {
      running -= 1;
    }
  };
  return (request, { judge, reported, failed }) => {
    const sent = asSent(request);
    const refuse = (error: unknown, user?: KapacitorUser): void => {
      if (!isRefusal(error)) {
        failed(error);
        return;
      }
      reporter.reported(error, sent, { user });
      reported(error);
    };
    const decide = (user: KapacitorUser): void => {
      try {
        judge(user);
      } catch (error) {
        refuse(error, user);
      }
    };
    try {
      const known = authenticator.recall(sent);
      if (known === undefined) identify(sent).then(decide, refuse).catch(failed);
      else decide(known);
    } catch (error) {
      failed(error);
    }
  };
}

const TOO_MANY = 'too many requests are judged at once';

/** A closed connection no longer tells its address, and the request may be over by then. */
function asSent({ headers, ip, socket, method, url }: PassingRequest): PassingRequest {
  return { headers, ip, socket: { remoteAddress: socket?.remoteAddress }, method, url };
}
