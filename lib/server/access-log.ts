import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { shownMethod } from '../for-server.js';
import type { KapacitorAuthError, KapacitorUser, OnError } from '../index.js';
import { answerError, forwardedRequest } from '../index.js';
import type { Unreadable } from './connection/unreadable.js';
import { UpstreamRefusal } from './gateway/upstream-refusal.js';
import { loggableTarget } from './loggable-target.js';
import { PATHS } from './own-paths.js';
import { REQUEST } from './request-message.js';
import type { ReceivedRequest } from './trusting-proxies.js';
import { clientAddress } from './trusting-proxies.js';

/** All that the line of a request tells besides the usual. */
interface Notes {
  readonly refusal?: KapacitorAuthError;
  readonly reported?: string;
  readonly revoked?: true;
}

const notes = new WeakMap<ServerResponse, Notes>();

function note(response: ServerResponse, noted: Notes): void {
  notes.set(response, { ...notes.get(response), ...noted });
}

/** Keeps the reason of a refusal for its line in the access log. */
export function noteRefusal(response: ServerResponse, refusal: KapacitorAuthError): void {
  note(response, { refusal });
}

/** Keeps the code by which a request that passes would have been refused, for its line. */
export function noteReported(response: ServerResponse, { code }: KapacitorAuthError): void {
  note(response, { reported: code });
}

/** Keeps the reason why a running request was ended for its line in the access log. */
export function noteRevoked(response: ServerResponse, reason: KapacitorAuthError): void {
  note(response, { refusal: reason, revoked: true });
}

/** Answers a refused request as usual, and keeps the reason for its line in the access log. */
export const answerAndNote: OnError = (error, _request, response) => {
  noteRefusal(response, error);
  answerError(error, response);
};

/** Matches the targets that `pathOf` finds to be `/auth`: it runs for each line. */
const QUESTION = new RegExp(`^${PATHS.auth}/?(?:\\?|$)`, 'i');

/** The request that a proxy asks about; undefined if this request is no such question. */
function askedAbout(request: IncomingMessage, url: string): string | undefined {
  if (!QUESTION.test(url)) return undefined;
  try {
    const { method, target } = forwardedRequest(request);
    return `${shownMethod(method) ?? ''} ${loggableTarget(target)}`;
  } catch {
    // The question can't be read, and the answer to the proxy said so.
    return undefined;
  }
}

/** Responses whose log line is already arranged. */
const logged = new WeakSet<ServerResponse>();

/** Marks a response as logged before its request goes on to the app, which logs all others. */
export function markLogged(response: ServerResponse): void {
  logged.add(response);
}

type LoggedRequest = ReceivedRequest & { readonly user?: KapacitorUser | undefined };

/**
 * Logs one line per request when it is over: the user, the address, the request and the answer.
 * Headers and bodies hold credentials and never get near the log.
 */
export function logWhenOver(
  logger: Logger,
  request: LoggedRequest,
  response: ServerResponse,
): void {
  if (logged.has(response)) return;
  const start = performance.now();
  const { method, url = '' } = request;
  const address = clientAddress(request);
  response.on('close', () => {
    const level = response.statusCode < 500 ? 'info' : 'error';
    if (!logger.isLevelEnabled(level)) return;
    const line = {
      address,
      user: request.user?.name,
      method,
      path: loggableTarget(url),
      asks: askedAbout(request, url),
      status: response.headersSent ? response.statusCode : undefined,
      ms: Math.round((performance.now() - start) * 10) / 10,
    };
    const more = unusual(response);
    logger[level](more === undefined ? line : { ...line, ...more }, REQUEST);
  });
}

/** Members of a line that most lines don't have. */
function unusual(response: ServerResponse): object | undefined {
  const noted = notes.get(response);
  const aborted = response.writableFinished ? undefined : true;
  if (noted === undefined) return aborted && { aborted };
  const { refusal, reported, revoked } = noted;
  return {
    code: refusal?.code,
    cause: causeCode(refusal),
    why: refusal?.cause instanceof UpstreamRefusal ? refusal.cause.message : undefined,
    reported,
    revoked,
    aborted,
  };
}

/** Logs each request of an Express app, as {@link logWhenOver} does. */
export function accessLog(logger: Logger): RequestHandler {
  return function logAccess(request, response, next) {
    logWhenOver(logger, request, response);
    next();
  };
}

/**
 * Logs bytes that are not a readable request, so that an operator can tell a client why it was
 * refused.
 */
export function logUnreadable(logger: Logger): (told: Unreadable, socket: Duplex) => void {
  return ({ status, code, method, target }, socket) => {
    const address = socket instanceof Socket ? socket.remoteAddress : undefined;
    const path = target === undefined ? undefined : loggableTarget(target);
    logger.info({ address, method: shownMethod(method), path, status, code }, REQUEST);
  };
}

/** Returns the system's code for a failed connection, such as `ECONNREFUSED`. */
function causeCode(error: KapacitorAuthError | undefined): string | undefined {
  const cause = error?.cause;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
