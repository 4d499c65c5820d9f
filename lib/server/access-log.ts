import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { KapacitorAuthError, KapacitorUser, OnError } from '../index.js';
import { answerError, forwardedRequest } from '../index.js';
import type { Unreadable } from './connection/unreadable.js';
import { UpstreamRefusal } from './gateway/upstream-refusal.js';
import { loggableTarget } from './loggable-target.js';
import type { ReceivedRequest } from './trusting-proxies.js';
import { addressOfClient } from './trusting-proxies.js';

const refusals = new WeakMap<ServerResponse, KapacitorAuthError>();

/** Keeps the reason of a refusal for its line in the access log. */
export function noteRefusal(response: ServerResponse, error: KapacitorAuthError): void {
  refusals.set(response, error);
}

/** Answers a refused request as usual, and keeps the reason for its line in the access log. */
export const answerAndNote: OnError = (error, _request, response) => {
  noteRefusal(response, error);
  answerError(error, response);
};

const asked = new WeakMap<ServerResponse, string>();

/** Keeps which request a proxy asks about for the line in the access log. */
export function noteAsked(request: IncomingMessage, response: ServerResponse): void {
  try {
    const { method, target } = forwardedRequest(request);
    asked.set(response, `${method} ${loggableTarget(target)}`);
  } catch {
    // It can't be told, which is what the proxy will be answered.
  }
}

/** Whose line will come though the app has yet to see the request. */
const logged = new WeakSet<ServerResponse>();

/** Says that a request's line is seen to, before it goes on to the app, which logs every other. */
export function markLogged(response: ServerResponse): void {
  logged.add(response);
}

/** A request that the log tells of. */
type LoggedRequest = ReceivedRequest & { readonly user?: KapacitorUser | undefined };

/**
 * Logs one line a request once it is over: who asked from where for what, and the answer. Headers and bodies, where
 * credentials are, never get near the log.
 */
export function logWhenOver(
  logger: Logger,
  request: LoggedRequest,
  response: ServerResponse,
): void {
  if (logged.has(response)) return;
  const start = performance.now();
  const { method, url = '' } = request;
  const address = addressOfClient(request);
  response.on('close', () => {
    const level = response.statusCode < 500 ? 'info' : 'error';
    if (!logger.isLevelEnabled(level)) return;
    const refusal = refusals.get(response);
    const line = {
      address,
      user: request.user?.name,
      method,
      path: loggableTarget(url),
      asks: asked.get(response),
      status: response.headersSent ? response.statusCode : undefined,
      code: refusal?.code,
      cause: causeCode(refusal),
      why: refusal?.cause instanceof UpstreamRefusal ? refusal.cause.message : undefined,
      aborted: response.writableFinished ? undefined : true,
      ms: Math.round((performance.now() - start) * 10) / 10,
    };
    logger[level](line, 'request');
  });
}

/** The same for an Express app. */
export function accessLog(logger: Logger): RequestHandler {
  return function logAccess(request, response, next) {
    logWhenOver(logger, request, response);
    next();
  };
}

/** Logs what came and was no request, so that a client that asks why can be told. */
export function logUnreadable(logger: Logger): (told: Unreadable, socket: Duplex) => void {
  return ({ status, code, method, target }, socket) => {
    const address = socket instanceof Socket ? socket.remoteAddress : undefined;
    const path = target === undefined ? undefined : loggableTarget(target);
    logger.info({ address, method, path, status, code }, 'request');
  };
}

/** What the system says of a connection that failed, such as `ECONNREFUSED`. */
function causeCode(error: KapacitorAuthError | undefined): string | undefined {
  const cause = error?.cause;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
