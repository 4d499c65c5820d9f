import type { IncomingMessage, RequestListener } from 'node:http';
import { ADMIN_USER, InvalidRequestError, judgeApiRequest } from '../index.js';

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
    if (!PLAIN.test(url)) {
      const sent = withoutHost(url, request);
      request.url = canonical(sent);
      if (request.url !== sent) spelled.set(request, sent);
    }
    handler(request, response);
  };
}

/** The targets of requests that the client spelled in another way. */
const spelled = new WeakMap<IncomingMessage, string>();

/** Returns the target of a request as the client spelled it, but without scheme and host. */
export function targetAsSent(request: IncomingMessage): string {
  return spelled.get(request) ?? request.url ?? '';
}

/**
 * Returns the path of a target in the form that is judged.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) if servers could read it in different
 *   ways
 */
function judgedPath(target: string): string {
  // A fragment is refused wherever it is. Of the query nothing else is looked at.
  const end = target.includes('#') ? undefined : target.search(/\?|$/);
  return judgeApiRequest(ADMIN_USER, 'GET', target.slice(0, end));
}

/**
 * Returns the path of a request in the form that is judged, for a server that forwards the target
 * as it was sent.
 *
 * @throws InvalidRequestError (`ERR_KAUTH_AMBIGUOUS_PATH`) if servers could read it in different
 *   ways; also because of a semicolon, at which some end the name of a segment
 */
export function pathAsSent(request: IncomingMessage): string {
  const path = judgedPath(request.url ?? '');
  const [sent = ''] = targetAsSent(request).split('?', 1);
  if (sent.includes(';')) throw new InvalidRequestError('ERR_KAUTH_AMBIGUOUS_PATH', SEMICOLON);
  return path;
}

const SEMICOLON = 'ambiguous path: it holds a semicolon, write %3B';

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
    return judgedPath(path) + url.slice(end);
  } catch {
    return url;
  }
}
