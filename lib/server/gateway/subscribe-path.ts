import type { IncomingMessage } from 'node:http';

/** Below which a path holds a token, in any spelling that a router may accept. */
const SUBSCRIBE = /^\/subscribe(?:[/?]|$)/i;

const GRANT = /^\/subscribe\/([\w-]+)(\/write(?:\?.*)?)$/s;

/** Whether a path may hold a subscription token; nothing of it is for the upstream. */
export function isSubscribePath(url: string): boolean {
  return SUBSCRIBE.test(url);
}

/**
 * Reads the token of `/subscribe/<token>/write`, which Kapacitor gives to an InfluxDB by `subscription-path`, as what it stands for: a
 * write by the user `~subscriber` with that token as password. Other credentials of the request then don't count.
 *
 * @returns false where the path is no such path
 */
export function readSubscribePath(request: IncomingMessage): boolean {
  const [, token, target] = GRANT.exec(request.url ?? '') ?? [];
  if (token === undefined) return false;
  request.url = target;
  request.headers.authorization = `Basic ${Buffer.from(`~subscriber:${token}`).toString('base64')}`;
  return true;
}
