import type { IncomingMessage } from 'node:http';
import { AuthorizationError } from '../errors.js';

const FOREIGN =
  'this form was not sent by a page of this server. Open the page anew and send it from there; if a proxy stands before this server, its operator should read about "origin" in the documentation of the pages';

/**
 * Refuses a form that a page of another site may have sent: unless the browser says that it comes
 * from the same origin (`Sec-Fetch-Site`, Fetch Metadata), or, if it doesn't say, its `Origin` is
 * ours (RFC 6454, section 7). A form without either is refused too.
 *
 * @param own - our origin, as the browser sees it; undefined if it can't be told
 * @throws AuthorizationError
 */
export function judgeSameOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  own: string | undefined,
): void {
  const site = headers['sec-fetch-site'];
  const isOwn =
    site === undefined ? own !== undefined && headers.origin === own : site === 'same-origin';
  if (!isOwn) throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', FOREIGN);
}
