import type { IncomingMessage, RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { logWhenOver } from './access-log.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';

/** What a page may send: the credentials that it has itself, not those that a browser remembers. */
const HEADERS = 'Authorization, Content-Type';

/** What a page may read beside what it always may. */
const EXPOSED = 'Retry-After, WWW-Authenticate, X-Kapacitor-Version';

/** For how long a browser need not ask again, in seconds. */
const MAX_AGE = '600';

const allowedRequests = new WeakSet<IncomingMessage>();

/** Whether a request comes from a page that an operator named: no page of another site, however it looks. */
export function isOfAllowedPage(request: IncomingMessage): boolean {
  return allowedRequests.has(request);
}

/**
 * Lets pages of other origins use a server, as the Fetch standard has it (CORS). What pages of any other origin ask for is
 * answered without a word that would let them read it.
 *
 * @param origins - such as `https://console.example`; none leaves the handler as it is
 */
export function allowingOrigins(
  origins: readonly string[],
  handler: RequestListener,
  logger: Logger,
): RequestListener {
  if (origins.length === 0) return handler;
  const allowed = new Set(origins);
  return function answerOrigin(request, response): void {
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
