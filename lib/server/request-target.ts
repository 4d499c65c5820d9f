import type { IncomingMessage, RequestListener } from 'node:http';
import { ADMIN_USER, judgeApiRequest } from '../index.js';

/** Matches a target whose path is in the judged form already. */
const PLAIN = /^\/[^%?]*(?:\?|$)/;

const ABSOLUTE = /^(https?):\/\/([^/?#@]*)(.*)$/is;

const DEFAULT_PORTS: Readonly<Record<string, RegExp>> = { http: /:80$/, https: /:443$/ };

/**
 * Gives a handler each target in the one form that is judged. The path loses needless escapes, so
 * that it is routed by its meaning. Scheme and host go if the client asked this very host
 * (RFC 9112, section 3.2.2). An ambiguous target stays as it is, and is refused later.
 */
export function readingTargets(handler: RequestListener): RequestListener {
  return function readTarget(request, response): void {
    const { url = '' } = request;
    if (!PLAIN.test(url)) request.url = canonical(withoutHost(url, request));
    handler(request, response);
  };
}

function withoutHost(url: string, { headers }: IncomingMessage): string {
  const [, scheme = '', authority = '', rest = ''] = ABSOLUTE.exec(url) ?? [];
  if (scheme === '') return url;
  const port = DEFAULT_PORTS[scheme.toLowerCase()] ?? /$/;
  const isOurs = withoutPort(authority, port) === withoutPort(headers.host ?? '', port);
  // A user in front of the host is nobody's, and the host is behind it.
  if (!isOurs || authority === '' || rest.startsWith('@')) return url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function withoutPort(host: string, port: RegExp): string {
  return host.toLowerCase().replace(port, '');
}

function canonical(url: string): string {
  const end = url.search(/[?#]|$/);
  const path = url.slice(0, end);
  if (!path.includes('%')) return url;
  try {
    return judgeApiRequest(ADMIN_USER, 'GET', path) + url.slice(end);
  } catch {
    return url;
  }
}
