import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import type { ReceivedRequest } from '../../lib/server/trusting-proxies.js';
import { clientAddress, trustingProxies } from '../../lib/server/trusting-proxies.js';

/** Returns whom a handler sees, of a request that came from a peer. */
function seen(proxies: readonly string[], peer: string | undefined, forwarded?: string) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  let address: string | undefined = 'nobody looked';
  trustingProxies(proxies, (incoming) => {
    address = clientAddress(incoming);
  })(request, new ServerResponse(request));
  return address;
}

const LOCAL = ['127.0.0.0/8', '10.0.0.0/8', '2001:db8::/32'];

describe('behind trusted proxies', () => {
  it.each([
    ['the one that the proxy tells', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['that, of a proxy on a socket of both kinds', '::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['that, of a proxy by IPv6', '2001:db8::1', '2001:db9::7', '2001:db9::7'],
    ['the last that nobody trusts', '127.0.0.1', '1.1.1.1, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['the first where all are trusted', '127.0.0.1', '10.0.0.8,10.0.0.9', '10.0.0.8'],
    ['an address without its port', '127.0.0.1', '203.0.113.7:51234', '203.0.113.7'],
    ['an IPv6 address without its port', '127.0.0.1', '[2001:db9::7]:51234', '2001:db9::7'],
    ['an IPv6 address without brackets', '127.0.0.1', '[2001:db9::7]', '2001:db9::7'],
    ['the proxy’s where it tells none', '127.0.0.1', undefined, '127.0.0.1'],
    ['the proxy’s where it tells nothing', '127.0.0.1', '', '127.0.0.1'],
    ['the proxy’s where it knows none', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['the last that is an address', '127.0.0.1', '<script>, 10.0.0.9', '10.0.0.9'],
    ['the peer’s where it is no proxy', '203.0.113.9', '127.0.0.1', '203.0.113.9'],
    ['none where the connection is over', undefined, '203.0.113.7', undefined],
  ])('a client’s address is %s', (_which, peer, forwarded, expected) => {
    expect(seen(LOCAL, peer, forwarded)).toBe(expected);
  });

  it('is one that the nearest trusted proxy saw, whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (sent, real) => {
        fc.pre(!/^(127|10)\./.test(real));
        expect(seen(LOCAL, '127.0.0.1', `${sent}, ${real}`)).toBe(real);
      }),
    );
  });
});

it.each([
  ['10.0.0.1', 'console.example', 'console.example'],
  ['10.0.0.1', 'console.example, gw.example', 'console.example'],
  ['10.0.0.1', '', undefined],
  ['10.0.0.1', undefined, undefined],
  ['203.0.113.9', 'console.example', undefined],
])('of what %s says of the host (%j) is believed %j', (peer, told, expected) => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request: ReceivedRequest = new IncomingMessage(socket);
  if (told !== undefined) request.headers['x-forwarded-host'] = told;
  trustingProxies(LOCAL, () => undefined)(request, new ServerResponse(request));
  expect(request.toldHost).toBe(expected);
});

it.each([
  ['10.0.0.1', 'https', 'https'],
  ['10.0.0.1', 'HTTPS', 'https'],
  ['10.0.0.1', 'http', 'http'],
  ['10.0.0.1', ' http , https', 'http'],
  ['10.0.0.1', 'wss', undefined],
  ['10.0.0.1', '', undefined],
  ['10.0.0.1', undefined, undefined],
  ['203.0.113.9', 'https', undefined],
])('of what %s says of the scheme (%j) is believed %j', (peer, told, expected) => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request: ReceivedRequest = new IncomingMessage(socket);
  if (told !== undefined) request.headers['x-forwarded-proto'] = told;
  trustingProxies(LOCAL, () => undefined)(request, new ServerResponse(request));
  expect(request.toldScheme).toBe(expected);
});

it('without trusted proxies a client’s address is that of the connection', () => {
  expect(seen([], '127.0.0.1', '203.0.113.7')).toBe('127.0.0.1');
});
