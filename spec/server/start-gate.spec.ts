import { once } from 'node:events';
import { connect } from 'node:net';
import { devNull } from 'node:os';
import { text as textOf } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
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
  let port: number;

  beforeEach(async () => {
    log = new WrittenLog();
    store = new Slow();
    const settings = { host: '127.0.0.1', logger: log.logger };
    const options = { configFile: devNull, gateway: { trustedProxies: '127.0.0.1' } };
    // A port that is free now.
    const first = await startServer({
      ...{ ...settings, port: 0 },
      options: { ...options, store: new MemoryUserStore() },
    });
    port = Number(new URL(first.url).port);
    await first.stop();
    log = new WrittenLog();
    const now = { ...settings, logger: log.logger, port };
    starting = startServer({ ...now, options: { ...options, store } });
    starting.catch(() => undefined);
    while ((await ask('GET /health').catch(() => '')) === '') await turn();
  });

  afterEach(async () => {
    store.goOn();
    await starting.then(
      (server) => server.stop(),
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
    while (linesAbout('/left').length === 0) await turn();
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
    while (linesAbout('/waits').length === 0) await turn();
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
});
