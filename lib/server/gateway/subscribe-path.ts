import type { IncomingMessage } from 'node:http';

/** Matches paths that may hold a token, in any spelling that a router may accept. */
const SUBSCRIBE = /^\/subscribe(?:[/?]|$)/i;

const GRANT = /^\/subscribe\/([\w-]+)(\/write(?:\?.*)?)$/s;

/** Returns true if a path may hold a subscription token; the upstream must see nothing of it. */
export function isSubscribePath(url: string): boolean {
  return SUBSCRIBE.test(url);
}

/**
 * Reads the token of `/subscribe/<token>/write`, a path that Kapacitor gives to an InfluxDB by
 * `subscription-path`. The request becomes a write by the user `~subscriber` with that token as
 * password. Other credentials of the request then don't count.
 *
 * @returns false if the path is not of that form
 */
export function readSubscribePath(request: IncomingMessage): boolean {
  const [, token, target] = GRANT.exec(request.url ?? '') ?? [];
  if (token === undefined) return false;
  request.url = target;
  request.headers.authorization = `Basic ${Buffer.from(`~subscriber:${token}`).toString('base64')}`;
  return true;
}
