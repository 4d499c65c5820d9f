import type { RequestListener } from 'node:http';
import { basic } from '../../support/open-auth.js';

const LOGINS = new Map(
  ['root', 'amy', 'old'].map((name) => [basic(name, `${name}-password`), name] as const),
);

/** Answers as an upstream that authenticates clients itself, and knows also who is unknown to the gateway. */
export const judging: RequestListener = (request, response) => {
  const { authorization = '' } = request.headers;
  const [, name, password] = /[?&]u=(\w+)&p=([\w-]+)/.exec(request.url ?? '') ?? [];
  const asked = name === undefined ? authorization : basic(name, password ?? '');
  const user = LOGINS.get(asked);
  if (user === undefined) {
    response.setHeader('WWW-Authenticate', 'Basic realm="upstream"');
    response.writeHead(401, { 'Content-Type': 'text/plain' }).end('upstream: who?');
  } else if (user !== 'root' && request.url?.includes('/config') === true) {
    response.writeHead(403, { 'Content-Type': 'text/plain' }).end(`upstream: ${user} may not`);
  } else {
    response.setHeader('Set-Cookie', [
      'theirs=1',
      'kauth=planted',
      '__Host-kauth=planted',
      '=kauth=planted; Path=/',
      ' = =__Host-kauth =planted',
      'kauth',
    ]);
    response.end(`${request.method ?? ''} ${request.url ?? ''} for ${user}`);
  }
};
