import type { IncomingMessage } from 'node:http';
import { AuthorizationError } from '../errors.js';

/** What such a request is answered. */
const FORGED = 'requests from pages of another site need "Content-Type: application/json"';

/**
 * Whether another site may have made a browser send this request with the credentials it remembers: a plain form can POST
 * anywhere. Whatever a form can't send, browsers ask about first (the Fetch standard's CORS preflight).
 *
 * @param host - the host that the client asked, and its port
 */
export function isForgeable(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  host: string | undefined = headers.host,
): boolean {
  if (method !== 'POST' || /^application\/json\b/i.test(headers['content-type'] ?? ''))
    return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && !isOriginOf(origin, host);
}

/** Whether a page of this origin came from this host: in any case, and with or without the port that goes without saying. */
function isOriginOf(origin: string, host: string | undefined): boolean {
  const [, scheme = ''] = /^(https?):\/\/[^/?#@]+$/i.exec(origin) ?? [];
  const own = `${scheme}://${host ?? ''}`;
  if (scheme === '' || !/^[^/?#@\\]+$/.test(host ?? '') || !URL.canParse(own)) return false;
  return URL.canParse(origin) && new URL(origin).host === new URL(own).host;
}

/**
 * Judges whether another site may have made a browser send a request. Programs send neither `Origin` nor `Sec-Fetch-Site`.
 *
 * @param host - the host that the client asked: a trusted proxy may have told it; `Host` when left out
 * @throws AuthorizationError when it may have
 */
export function judgeForgery(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  host?: string,
): void {
  if (isForgeable(request, host)) throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', FORGED);
}
