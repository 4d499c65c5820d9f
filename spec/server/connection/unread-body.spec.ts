import { devNull } from 'node:os';
import { MemoryUserStore } from '../../../lib/index.js';
import type { RunningServer } from '../../../lib/server/start-server.js';
import { startServer } from '../../../lib/server/start-server.js';
import { basic } from '../../support/open-auth.js';
import { RecordingUpstream } from '../gateway/recording-upstream.js';
import { WrittenLog } from '../written-log.js';
import { RawConnection } from './raw-connection.js';

const AMY = `Authorization: ${basic('amy', 'amy-pw')}\r\n`;

const about = (method: string, target: string): string =>
  `X-Original-Method: ${method}\r\nX-Original-URI: ${target}\r\n`;

/** A question for which a proxy left the length of the client's body, and that body away. */
const WITHOUT_BODY = `GET /auth HTTP/1.1\r\nHost: x\r\n${AMY}${about('POST', '/kapacitor/v1/tasks')}`;

describe.each([
  ['the server', false],
  ['the gateway', true],
])('%s', (_name, isGateway) => {
  let upstream: RecordingUpstream;
  let server: RunningServer;
  let log: WrittenLog;
  const open: RawConnection[] = [];

  beforeAll(async () => {
    upstream = await RecordingUpstream.start();
    log = new WrittenLog();
    server = await startServer({
      host: '127.0.0.1',
      port: 0,
      logger: log.logger,
      options: {
        configFile: devNull,
        store: new MemoryUserStore([
          { name: 'amy', password: 'amy-pw', permissions: ['api'] },
          { name: 'root', password: 'root-pw', type: 'admin' },
        ]),
        metrics: { endpoint: 'open' },
        gateway: { upstream: isGateway ? upstream.url : '', maxBodySize: 1000 },
      },
    });
  });

  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.destroy();
  });

  afterAll(async () => {
    await server.stop();
    await upstream.stop();
  });

  function connect(): RawConnection {
    const connection = new RawConnection(server.url);
    open.push(connection);
    return connection;
  }

  it.each(['Content-Length: 200\r\n', 'Transfer-Encoding: chunked\r\n'])(
    'answers a question that announces a body (%j) and no other on that connection',
    async (length) => {
      const connection = connect();
      connection.write(`${WITHOUT_BODY}${length}\r\n`);
      await expect(connection.ended).resolves.toMatch(
        /^HTTP\/1\.1 200 .*\r\nConnection: close\r\n/s,
      );
      connection.write(`${WITHOUT_BODY}\r\n`.repeat(3));
      await new Promise((resolve) => connection.socket.once('close', resolve));
      expect(connection.statuses).toEqual([200]);
    },
  );

  it('never takes the bytes of a body for a question, whoever sends them', async () => {
    const forged = `GET /kapacitor/v1/config HTTP/1.1\r\nHost: x\r\n${AMY}\r\n`;
    const connection = connect();
    // The body comes, and then what a proxy never sent.
    connection.write(`${WITHOUT_BODY}Content-Length: 5\r\n\r\nabcde${forged}`);
    await connection.ended;
    expect(connection.statuses).toEqual([200]);
    expect(log.requests.map(({ path }) => path)).not.toContain('/kapacitor/v1/config');
  });

  it('keeps the connection of questions without a body', async () => {
    const connection = connect();
    for (const length of ['', 'Content-Length: 0\r\n', '']) {
      connection.write(`${WITHOUT_BODY}${length}\r\n`);
    }
    await expect(connection.answers(3)).resolves.toEqual([200, 200, 200]);
    expect(connection.received).not.toContain('Connection: close');
  });

  const login = (password: string) => `Authorization: ${basic('root', password)}\r\n`;
  const EARLY: readonly (readonly [name: string, head: string, status: number])[] = [
    ['401', 'POST /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\n', 401],
    [
      '401 of a wrong password',
      `POST /kapacitor/v1/users HTTP/1.1\r\nHost: x\r\n${login('no')}`,
      401,
    ],
    ['403', `POST /kapacitor/v1/config HTTP/1.1\r\nHost: x\r\n${AMY}`, 403],
    ['400', `POST /kapacitor//v1 HTTP/1.1\r\nHost: x\r\n${AMY}`, 400],
    ['health', 'GET /health HTTP/1.1\r\nHost: x\r\n', 200],
    ['metrics', 'GET /metrics HTTP/1.1\r\nHost: x\r\n', 200],
    ['whoami', `GET /kapacitor/v1/whoami HTTP/1.1\r\nHost: x\r\n${AMY}`, 200],
    [
      'whoami, spelt in another way',
      `GET /kapacitor/v1/whoami? HTTP/1.1\r\nHost: x\r\n${AMY}`,
      200,
    ],
    ['users', `GET /kapacitor/v1/users HTTP/1.1\r\nHost: x\r\n${AMY}`, 200],
    ['a question without fields', 'GET /auth HTTP/1.1\r\nHost: x\r\n', 400],
  ];
  const own: typeof EARLY = isGateway
    ? [
        ['413', `POST /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\n${AMY}`, 413],
        ['OPTIONS', `OPTIONS /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\n${AMY}`, 204],
        ['TRACE', `TRACE /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\n${AMY}`, 405],
      ]
    : [['ping', `GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n${AMY}`, 204]];

  it.each([...EARLY, ...own])(
    'ends a connection with an answer that waited for no body: %s',
    async (_what, head, status) => {
      const connection = connect();
      connection.write(`${head}Content-Length: 5000\r\n\r\n`);
      await expect(connection.ended).resolves.toMatch(/\r\nConnection: close\r\n/);
      connection.write(`GET /health HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(200));
      await new Promise((resolve) => connection.socket.once('close', resolve));
      expect(connection.statuses).toEqual([status]);
    },
  );

  it('ends a connection whose user is longer than allowed before it came', async () => {
    const connection = connect();
    const head = `POST /kapacitor/v1/users HTTP/1.1\r\nHost: x\r\n${login('root-pw')}`;
    connection.write(`${head}Content-Length: 16385\r\n\r\n`);
    await expect(connection.ended).resolves.toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s);
  });

  it('is still heard by a client that sends all of its body before it listens', async () => {
    const size = 20 * 1_048_576;
    const connection = connect();
    connection.write(
      `POST /kapacitor/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(size)}\r\n\r\n`,
    );
    connection.socket.pause();
    for (let sent = 0; sent < size; sent += 1_048_576) {
      if (!connection.socket.write('x'.repeat(1_048_576))) {
        await new Promise((resolve) => connection.socket.once('drain', resolve));
      }
    }
    connection.socket.resume();
    await connection.ended;
    expect(connection.statuses).toEqual([401]);
  });
});
