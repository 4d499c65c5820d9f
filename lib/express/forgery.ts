import type { IncomingMessage } from 'node:http';
import { AuthorizationError } from '../errors.js';

/** What such a request is answered. */
const FORGED = 'requests from pages of another site need "Content-Type: application/json"';

/**
 * Whether another site may have made a browser send this request with the credentials it remembers: a plain form can POST
 * anywhere. Whatever a form can't send, browsers ask about first (the Fetch standard's CORS preflight).
 */
export function isForgeable({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (method !== 'POST' || /^application\/json\b/i.test(headers['content-type'] ?? ''))
    return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && origin.replace(/^[a-z]+:\/\//, '') !== host;
}

/**
 * Judges whether another site may have made a browser send a request. Programs send neither `Origin` nor `Sec-Fetch-Site`.
 *
 * @throws AuthorizationError when it may have
 */
export function judgeForgery(request: Pick<IncomingMessage, 'method' | 'headers'>): void {
  if (isForgeable(request)) throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', FORGED);
}
