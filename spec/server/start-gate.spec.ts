import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { devNull } from 'node:os';
import { text as textOf } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { until } from '../support/until.js';
import { WrittenLog } from './written-log.js';

/** A store that is opened once a test says so. */
class Slow extends MemoryUserStore {
  goOn: (failure?: Error) => void = () => undefined;
  readonly #isOpened = new Promise<void>((resolve, reject) => {
    this.goOn = (failure) => {
      if (failure === undefined) resolve();
      else reject(failure);
    };
  });

  override async open(): Promise<void> {
    await this.#isOpened;
    await super.open();
  }
}

describe('a server that starts', () => {
  let log: WrittenLog;
  let store: Slow;
  let starting: Promise<RunningServer>;
  let server: Server;
  let port: number;

  beforeEach(async () => {
    log = new WrittenLog();
    store = new Slow();
    const settings = { host: '127.0.0.1', port: 0, logger: log.logger };
    const options = { configFile: devNull, gateway: { trustedProxies: '127.0.0.1' } };
    const listen = jest.spyOn(Server.prototype, 'listen');
    starting = startServer({ ...settings, options: { ...options, store } });
    starting.catch(() => undefined);
    await until('the server listens', () => {
      const [listening] = listen.mock.contexts;
      const place = listening instanceof Server ? listening.address() : null;
      if (!(listening instanceof Server) || place === null || typeof place === 'string')
        return false;
      server = listening;
      ({ port } = place);
      return true;
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    store.goOn();
    await starting.then(
      (running) => running.stop(),
      () => undefined,
    );
  });

  function send(request: string) {
    const socket = connect(port, '127.0.0.1');
    const fields = 'Host: a\r\nX-Forwarded-For: 192.0.2.7\r\nContent-Length: 0\r\n\r\n';
    socket.write(`${request} HTTP/1.1\r\n${fields}`);
    return socket;
  }

  /** The answer, of which the first part is waited for. */
  async function ask(request: string): Promise<string> {
    const socket = send(request);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  }

  /** The lines about requests of a path. */
  const linesAbout = (path: string) =>
    log.text
      .split('\n')
      .filter((line) => line.includes(`"path":"${path}"`) && line.includes('"msg":"request"'));

  it.each(['GET /health', 'HEAD /health', 'GET /HEALTH/?now'])(
    'says that it is not ready, and lets nobody store that: %s',
    async (request) => {
      const answer = await ask(request);
      expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).toContain('Cache-Control: no-store\r\n');
    },
  );

  it.each(['POST /health', 'GET /health/x', 'GET /healthy'])(
    'takes no other request for a question about health: %s',
    async (request) => {
      const answered = ask(request);
      await ask('GET /health');
      await ask('GET /health');
      store.goOn();
      await starting;
      await expect(answered).resolves.toMatch(/^HTTP\/1\.1 401 /);
    },
  );

  it('writes a line about a client that leaves while it waits', async () => {
    const socket = send('GET /left');
    await ask('GET /health');
    socket.destroy();
    await until('the line is written', () => linesAbout('/left').length > 0);
    store.goOn();
    await starting;
    expect(linesAbout('/left')).toEqual([
      expect.stringMatching(/"address":"192\.0\.2\.7","method":"GET".*"aborted":true/),
    ]);
  });

  it('writes one line about a client that waits, with its address', async () => {
    const answered = ask('GET /waits');
    await ask('GET /health');
    store.goOn();
    await starting;
    await answered;
    await until('the line is written', () => linesAbout('/waits').length > 0);
    await turn();
    expect(linesAbout('/waits')).toEqual([
      expect.stringMatching(/"address":"192\.0\.2\.7","method":"GET".*"status":401/),
    ]);
  });

  it('answers those who wait if it can not start, and writes a line about each', async () => {
    const sockets = ['/first', '/second'].map((path) => send(`GET ${path}`));
    const answers = sockets.map((socket) => textOf(socket));
    await ask('GET /health');
    store.goOn(new StoreUnavailableError('the disk is gone'));
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\nConnection: close\r\n.*could not start/s);
    }
    await expect(starting).rejects.toThrow('the disk is gone');
    for (const path of ['/first', '/second']) {
      expect(linesAbout(path)).toEqual([expect.stringMatching(/"status":503.*"code":"ERR_KAUTH_/)]);
    }
  });

  it('lets 1,000 wait, and answers the next at once', async () => {
    let came = 0;
    server.on('request', () => (came += 1));
    const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const ten = 'GET /many HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(9) + last;
    const answers = Array.from({ length: 100 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(ten);
      return textOf(socket);
    });
    await until('they wait', () => came === 1_000);
    await expect(ask('GET /one-more')).resolves.toMatch(/^HTTP\/1\.1 503 .*is starting/s);
    store.goOn();
    await starting;
    const all = (await Promise.all(answers)).join('');
    expect(all.match(/HTTP\/1\.1 401 /g)).toHaveLength(1_000);
  });
});
