import { isSessionCookie } from '../../for-server.js';

/**
 * Returns the field `Cookie` of a client for an upstream that judges clients by itself: without the
 * session of the gateway's own pages.
 *
 * @returns undefined if nothing is left
 */
export function passedCookies(field: string): string | undefined {
  const kept = field.split(';').filter((pair) => !isOwn(pair));
  return kept.length === 0 ? undefined : kept.join(';').trim();
}

/** Returns true unless an upstream's `Set-Cookie` would replace the session of our pages. */
export function mayBeSet(field: string): boolean {
  return !isOwn(field.split(';', 1)[0] ?? '');
}

/** A cookie without a name is sent back as its value alone, which may begin with a name. */
function isOwn(pair: string): boolean {
  const named = pair.replace(/^[\s=]+/, '');
  return isSessionCookie(named.split('=', 1)[0]?.trim() ?? '');
}
