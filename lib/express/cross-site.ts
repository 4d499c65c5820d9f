import type { IncomingMessage } from 'node:http';
import { AuthorizationError } from '../errors.js';

/** The answer to such a request. */
const FORGED = 'requests from pages of another site need "Content-Type: application/json"';

/**
 * Returns true if another site may have made a browser send this request with the credentials that
 * it remembers: a plain form can POST anywhere. For all that a form can't send, browsers ask first
 * (the Fetch standard's CORS preflight).
 *
 * @param askedHost - finds the host that the client asked, and its port; `Host` if it finds none
 */
export function isForgeable(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  askedHost?: () => string | undefined,
): boolean {
  if (method !== 'POST' || /^application\/json\b/i.test(headers['content-type'] ?? ''))
    return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && !isOriginOf(origin, askedHost?.() ?? headers.host);
}

/**
 * Returns true if a page of this origin came from this host. Case doesn't matter, nor does a
 * default port.
 */
function isOriginOf(origin: string, host: string | undefined): boolean {
  const [, scheme = ''] = /^(https?):\/\/[^/?#@]+$/i.exec(origin) ?? [];
  const own = `${scheme}://${host ?? ''}`;
  if (scheme === '' || !/^[^/?#@\\]+$/.test(host ?? '') || !URL.canParse(own)) return false;
  return URL.canParse(origin) && new URL(origin).host === new URL(own).host;
}

/**
 * Refuses a request that another site may have made a browser send. Programs send neither `Origin`
 * nor `Sec-Fetch-Site`, so their requests pass.
 *
 * @param askedHost - finds the host that the client asked, as a trusted proxy tells it; `Host` if
 *   it finds none. Called only if method and other fields leave a doubt
 * @throws AuthorizationError for such a request
 */
export function judgeForgery(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  askedHost?: () => string | undefined,
): void {
  if (isForgeable(request, askedHost)) throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', FORGED);
}
