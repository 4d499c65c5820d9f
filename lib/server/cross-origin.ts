import type { IncomingMessage, RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { logWhenOver } from './access-log.js';
import { SERVED_METHODS } from './served-methods.js';

const METHODS = SERVED_METHODS.join(', ');

/** Fields that a page may send. Credentials are its own, not those that the browser keeps. */
const HEADERS = 'Authorization, Content-Type';

/** Fields that a page may read, besides those that it always may. */
const EXPOSED = 'Retry-After, WWW-Authenticate, X-Kapacitor-Version';

/** Seconds that a browser may reuse the answer. */
const MAX_AGE = '600';

const allowedRequests = new WeakSet<IncomingMessage>();

/**
 * Returns true if a request comes from a page of an origin that the operator allows. Such a request
 * is no forgery, even if its other fields look like one.
 */
export function isOfAllowedPage(request: IncomingMessage): boolean {
  return allowedRequests.has(request);
}

/**
 * Lets pages of the given origins use a server (CORS, as in the Fetch standard). Requests from
 * other origins are answered, too, but without the fields that let a page read the answer.
 *
 * @param origins - such as `https://console.example`; if empty, the handler is returned unchanged
 * @param options - `except` tells which targets are for no other origin
 */
export function allowingOrigins(
  origins: readonly string[],
  handler: RequestListener,
  logger: Logger,
  { except }: { readonly except?: ((target: string) => boolean) | undefined } = {},
): RequestListener {
  if (origins.length === 0) return handler;
  const allowed = new Set(origins);
  return function answerOrigin(request, response): void {
    if (except?.(request.url ?? '') === true) {
      handler(request, response);
      return;
    }
    const { origin, 'access-control-request-method': wanted } = request.headers;
    response.setHeader('Vary', 'Origin');
    if (origin === undefined || !allowed.has(origin)) {
      handler(request, response);
      return;
    }
    allowedRequests.add(request);
    response.setHeader('Access-Control-Allow-Origin', origin);
    if (request.method !== 'OPTIONS' || wanted === undefined) {
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
      handler(request, response);
      return;
    }
    logWhenOver(logger, request, response);
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Allow-Headers', HEADERS);
    response.setHeader('Access-Control-Max-Age', MAX_AGE);
    response.statusCode = 204;
    response.end();
  };
}
