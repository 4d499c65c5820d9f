import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import type { UserSource } from '../../../lib/index.js';
import { StoreUnavailableError } from '../../../lib/index.js';
import type { GatewayRequest } from './started-gateway.js';
import { StartedGateway } from './started-gateway.js';

let gateway: StartedGateway;

afterEach(async () => {
  await gateway.stop();
});

async function answerOf(path = '/kapacitor/v1/tasks', init: GatewayRequest = {}) {
  const answer = await gateway.fetch(path, 'root', init);
  return { status: answer.status, body: await answer.text() };
}

const FAILED = JSON.stringify({
  error: 'the upstream is unavailable',
  message: 'the upstream is unavailable',
});

describe('an upstream', () => {
  const servers: Server[] = [];

  /** An upstream that does with its connections what a test says. */
  async function startWith(use: (socket: Socket) => void, timeout = '1m'): Promise<void> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        use(socket);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    gateway = await StartedGateway.start({
      gateway: { upstream: `http://127.0.0.1:${String(port)}`, timeout },
    });
  }

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('that is down is 502, and used again once it is back', async () => {
    gateway = await StartedGateway.start();
    const { port } = gateway.upstream;
    await gateway.upstream.stop();
    await expect(answerOf()).resolves.toEqual({ status: 502, body: FAILED });
    await expect(answerOf('/kapacitor/v1/tasks', { method: 'POST', body: 'x' })).resolves.toEqual({
      status: 502,
      body: FAILED,
    });
    expect(gateway.log.requests.at(-1)).toMatchObject({
      status: 502,
      code: 'ERR_KAUTH_UPSTREAM_FAILED',
      cause: 'ECONNREFUSED',
    });
    await gateway.upstream.listen(port);
    await expect(answerOf()).resolves.toMatchObject({ status: 200 });
  });

  it('that does not answer in time is 504', async () => {
    await startWith(() => undefined, '100ms');
    const text = 'the upstream did not answer in time';
    await expect(answerOf()).resolves.toEqual({
      status: 504,
      body: JSON.stringify({ error: text, message: text }),
    });
    expect(gateway.log.requests.at(-1)).toMatchObject({ code: 'ERR_KAUTH_UPSTREAM_TIMEOUT' });
  });

  const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi';
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';

  it.each([
    ['a phrase beyond ASCII', OK.replace('OK', 'Na\xefve \u20ac')],
    ['a phrase with a control character', OK.replace('OK', 'O\x01K\x7f')],
    ['no phrase', OK.replace(' OK', ' ')],
    ['a 100 that nobody asked for', CONTINUE + OK],
    ['several of them', CONTINUE.repeat(3) + OK],
    ['a 103 before the 100', HINTS + CONTINUE + OK],
    ['a 103 between two of them', CONTINUE + HINTS + CONTINUE + HINTS + OK],
    ['one with fields', CONTINUE.replace('\r\n', '\r\nX-Wait: yes\r\n') + OK],
    ['one without a phrase', CONTINUE.replace(' Continue', '') + OK],
  ])('may answer with %s', async (_name, bytes) => {
    await startWith((socket) => socket.end(Buffer.from(bytes, 'latin1')));
    await expect(answerOf()).resolves.toEqual({ status: 200, body: 'hi' });
  });

  it('may send a 100 that nobody asked for in any pieces, and what looks like one as its answer', async () => {
    const body = CONTINUE.repeat(2);
    await startWith((socket) => {
      const bytes = `${CONTINUE}${HINTS}${CONTINUE}HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
      const sendFrom = (index: number): void => {
        socket.write(bytes.charAt(index));
        if (index < bytes.length) setTimeout(sendFrom, 1, index + 1);
      };
      socket.setNoDelay();
      sendFrom(0);
    });
    await expect(answerOf()).resolves.toEqual({ status: 200, body });
  });

  it('may answer 304 with the length of what it does not send', async () => {
    const bytes = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: "x"\r\n\r\n';
    await startWith((socket) => socket.write(bytes));
    const answer = await gateway.fetch('/kapacitor/v1/tasks', 'root');
    expect([answer.status, answer.headers.get('etag')]).toEqual([304, '"x"']);
    expect(answer.headers.get('content-length')).toBe('1234');
    await expect(answer.text()).resolves.toBe('');
    expect((await gateway.fetch('/kapacitor/v1/tasks', 'root')).status).toBe(304);
  });

  it.each([
    ['hangs up', ''],
    ['says 100 and hangs up', CONTINUE],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['answers half a status line', 'HTTP/1.1 20'],
    ['answers half its fields', 'HTTP/1.1 200 OK\r\nContent-Le'],
    [
      'answers with two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    ['answers with a broken field', 'HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n'],
    ['answers with huge fields', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`],
    [
      'switches protocols unasked',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['answers a status that is none', 'HTTP/1.1 1000 OK\r\n\r\n'],
  ])('that %s is 502', async (_name, bytes) => {
    await startWith((socket) => socket.end(bytes));
    await expect(answerOf()).resolves.toEqual({ status: 502, body: FAILED });
    expect(gateway.log.text).not.toContain('unexpectedly');
  });
});

describe('whatever happens while a user is looked up', () => {
  async function startWith(find: UserSource['find']): Promise<void> {
    gateway = await StartedGateway.start({ store: { find } });
  }

  it.each([
    [
      'throws',
      () => {
        throw new TypeError('a defect');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('a defect'))],
    ['rejects with nothing', () => Promise.reject(new StoreUnavailableError(''))],
  ] as [string, UserSource['find']][])(
    'a store that %s forwards nothing and ends nothing',
    async (_name, find) => {
      await startWith(find);
      for (let turn = 0; turn < 2; turn++) {
        expect((await answerOf()).status).toBeGreaterThanOrEqual(500);
      }
      expect(gateway.upstream.seen).toEqual([]);
      await expect(gateway.fetch('/health')).resolves.toMatchObject({ status: 200 });
    },
  );
});

it('forwards only what it judged, whatever the target is', async () => {
  gateway = await StartedGateway.start();
  const parts = [
    '/',
    'kapacitor',
    'v1',
    'tasks',
    'config',
    'users',
    'USERS',
    '..',
    '.',
    '%2e',
    '%2F',
    '%5c',
    '\\',
    '%00',
    '%',
    '?',
    '#',
    ';',
    '&',
    '?db=a&u=name-of-its-own&p=secret-of-its-own',
    'u=',
    '?p=secret-of-its-own',
    'db=a',
    '%64b=b',
    'write',
    '//',
    '\u00e9',
    '%c3%a9',
    '%ff',
    ' ',
  ];
  const target = fc
    .array(fc.constantFrom(...parts), { maxLength: 12 })
    .map((list) => `/kapacitor/v1/${list.join('')}`);
  await fc.assert(
    fc.asyncProperty(target, fc.constantFrom('GET', 'POST', 'DELETE'), async (path, method) => {
      gateway.upstream.seen.length = 0;
      const answer = await gateway.send(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        'amy',
        2_000,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (?:200|204|400|401|403|404) /);
      for (const { url } of gateway.upstream.seen) {
        const [, judged, query] = /^([^?]*)(.*)$/.exec(url) ?? [];
        expect(judged).not.toMatch(/\/\/|\/\.\.?(?:\/|$)|%2f|%5c|%00|[#;\\]/i);
        // Such names are forbidden as endpoints: a task may have one.
        expect(judged).not.toMatch(/^\/kapacitor\/v1(?:preview)?\/(?:config|users)(?:\/|$)/i);
        expect(query).not.toMatch(/[#;]|(?:^\?|&)(?:u|p)=/i);
        expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      }
    }),
    { numRuns: 300 },
  );
  expect(gateway.log.text).not.toContain('unexpectedly');
});
