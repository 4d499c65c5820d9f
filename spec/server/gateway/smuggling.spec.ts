import { StartedGateway } from './started-gateway.js';

/** A second request, which nobody may have smuggled past the gateway. */
const SMUGGLED = 'GET /kapacitor/v1/config/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE'];

const length = (text: string): string => String(Buffer.byteLength(text));
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** Header fields and body that a gateway and an upstream may frame differently. */
const FRAMINGS: readonly (readonly [name: string, fields: string, body: string])[] = [
  [
    'CL.TE',
    `Content-Length: ${length(`0\r\n\r\n${SMUGGLED}`)}\r\nTransfer-Encoding: chunked`,
    `0\r\n\r\n${SMUGGLED}`,
  ],
  ['TE.CL', `Transfer-Encoding: chunked\r\nContent-Length: 4`, `${chunk(SMUGGLED)}0\r\n\r\n`],
  ...[
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding:\tchunked',
    'Transfer-Encoding:\x0bchunked',
    'Transfer-Encoding : chunked',
    'Transfer_Encoding: chunked',
    'transfer-encoding: CHUNKED',
    'X: y\r\n Transfer-Encoding: chunked',
    'X: y\nTransfer-Encoding: chunked',
    'Transfer-Encoding:\r\n chunked',
  ].map((fields) => [`TE.TE ${JSON.stringify(fields)}`, fields, `0\r\n\r\n${SMUGGLED}`] as const),
  ...[
    'Content-Length: 0\r\nContent-Length: 66',
    'Content-Length: 66\r\nContent-Length: 0',
    'Content-Length: 0\r\ncontent-length: 0',
    'Content-Length: 0, 66',
    'Content-Length: +0',
    'Content-Length: -1',
    'Content-Length: 0x0',
    'Content-Length: 0 6',
    'Content-Length:',
    'Content_Length: 66',
    'Content-Length : 0',
    'X: y\r\n Content-Length: 66',
  ].map((fields) => [`CL.CL ${JSON.stringify(fields)}`, fields, SMUGGLED] as const),
  ['no length at all', 'X: y', SMUGGLED],
  ['bare LF between fields', `X: y\nContent-Length: ${length(SMUGGLED)}\nZ: 1`, SMUGGLED],
  ['bare CR in a field', 'X: y\rTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['NUL in a field', 'X: y\0Transfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['a folded field', `X: y\r\n z\r\nContent-Length: 0`, SMUGGLED],
  ['a huge chunk', 'Transfer-Encoding: chunked', `fffffffffffffffff\r\n${SMUGGLED}`],
  ['a negative chunk', 'Transfer-Encoding: chunked', `-1\r\n${SMUGGLED}`],
  ['a bare LF after a chunk size', 'Transfer-Encoding: chunked', `0\n\r\n${SMUGGLED}`],
  ['a chunk extension', 'Transfer-Encoding: chunked', `0;x=\n${SMUGGLED}`],
  ['a chunk longer than it says', 'Transfer-Encoding: chunked', `1\r\nab\r\n0\r\n\r\n${SMUGGLED}`],
  ['trailers', 'Transfer-Encoding: chunked', `0\r\nContent-Length: 0\r\nX: y\r\n\r\n${SMUGGLED}`],
  [
    'Connection names the length',
    `Connection: content-length\r\nContent-Length: ${length(SMUGGLED)}`,
    SMUGGLED,
  ],
  [
    'Connection names the coding',
    `Connection: transfer-encoding\r\nTransfer-Encoding: chunked`,
    `${chunk(SMUGGLED)}0\r\n\r\n`,
  ],
  ['an expectation', `Expect: 100-continue\r\nContent-Length: ${length(SMUGGLED)}`, SMUGGLED],
  [
    'an upgrade',
    'Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
    SMUGGLED,
  ],
];

/** Framings that have one meaning only, which must come through. */
const SOUND: readonly (readonly [name: string, fields: string, body: string, seen: string])[] = [
  ['with a length', `Content-Length: ${length(SMUGGLED)}`, SMUGGLED, SMUGGLED],
  [
    'in chunks',
    'Transfer-Encoding: chunked',
    `${chunk('GET ')}${chunk(SMUGGLED)}0\r\n\r\n`,
    `GET ${SMUGGLED}`,
  ],
  [
    'behind more fields than Node reads by default',
    `${'a:\r\n'.repeat(2_100)}Content-Length: ${length(SMUGGLED)}`,
    SMUGGLED,
    SMUGGLED,
  ],
  ['of nothing', 'Content-Length: 0', '', ''],
  ['of no chunks', 'Transfer-Encoding: chunked', '0\r\n\r\n', ''],
];

describe('a request', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await StartedGateway.start();
  });

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  afterAll(async () => {
    await gateway.stop();
  });

  function bytes(method: string, fields: string, body: string): string {
    const connection = /^Connection:/m.test(fields) ? '' : 'Connection: close\r\n';
    return `${method} /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\n${connection}${fields}\r\n\r\n${body}`;
  }

  /** Shows that the upstream still reads requests from the gateway where they begin. */
  async function expectInStep(): Promise<void> {
    const answer = await gateway.fetch('/kapacitor/v1/ping?after', 'root');
    await expect(answer.text()).resolves.toBe('GET /kapacitor/v1/ping?after');
  }

  describe.each(METHODS)('by %s', (method) => {
    it.each(FRAMINGS)('smuggles no other: %s', async (_name, fields, body) => {
      const sent = gateway.send(bytes(method, fields, body), 'root', 300);
      await sent;
      await expectInStep();
      const [last, ...before] = gateway.upstream.seen.toReversed();
      expect(last?.url).toBe('/kapacitor/v1/ping?after');
      expect(before.length).toBeLessThanOrEqual(1);
      for (const { method: seen, url } of before)
        expect([seen, url]).toEqual([method, '/kapacitor/v1/tasks']);
    });
  });

  describe.each(METHODS.slice(0, 6))('by %s', (method) => {
    it.each(SOUND)('keeps its body %s', async (_name, fields, body, seen) => {
      const answer = await gateway.send(bytes(method, fields, body));
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
      await expectInStep();
      expect(gateway.upstream.seen).toMatchObject([
        { method, url: '/kapacitor/v1/tasks', body: seen },
        { url: '/kapacitor/v1/ping?after' },
      ]);
    });
  });

  it.each([
    ['a missing Host', 'GET /kapacitor/v1/tasks HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [
      'two Hosts',
      'GET /kapacitor/v1/tasks HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
    ],
    [
      'an absolute target of another host',
      'GET http://y/kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ],
    ['no path', 'GET x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a target of *', 'GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    [
      'a fragment',
      'GET /kapacitor/v1/tasks#/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ],
    [
      'bytes beyond ASCII',
      'GET /kapacitor/v1/\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ],
    ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('with %s is not forwarded', async (_name, request) => {
    const answer = await gateway.send(request);
    expect(answer).not.toMatch(/^HTTP\/1.1 [25]/);
    expect(gateway.upstream.seen.filter(({ url }) => url !== '/kapacitor/v1/tasks')).toEqual([]);
    await expectInStep();
  });
});
