import { connect } from 'node:net';
import { devNull } from 'node:os';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { WrittenLog } from '../server/written-log.js';
import { people, SECRET } from '../support/open-auth.js';

/** The server of `kapacitor-auth serve`, with the users of open-auth.ts, and a client that sends what no client would. */
export class AttackedServer {
  readonly #server: RunningServer;
  readonly #log: WrittenLog;

  private constructor(server: RunningServer, log: WrittenLog) {
    this.#server = server;
    this.#log = log;
  }

  static async start(): Promise<AttackedServer> {
    const log = new WrittenLog();
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: {
        configFile: devNull,
        http: { authEnabled: true, sharedSecret: SECRET },
        auth: { enabled: true, bcryptCost: 4 },
        store: new MemoryUserStore(people),
        // Every attempt is to be looked at, however many failed before it.
        throttle: { enabled: false },
      },
      logger: log.logger,
    });
    return new AttackedServer(server, log);
  }

  /** Asks who it is taken for. `fields` and `query` are sent byte for byte; the answer's status, 0 without one. */
  async whoami({ fields = '', query = '' }: { readonly fields?: string; readonly query?: string }) {
    const target = `/kapacitor/v1/whoami${query}`;
    return this.#status(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n\r\n`,
    );
  }

  /** The lines of the log that tell of what nobody had thought of. */
  get unexpected(): readonly string[] {
    return this.#log.text.split('\n').filter((line) => line.includes('unexpectedly'));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  #status(bytes: string): Promise<number> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(this.#server.url).port), '127.0.0.1');
      const settle = (answer: string): void => {
        resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0));
        socket.destroy();
      };
      socket.setEncoding('latin1').once('data', settle);
      socket.once('close', () => {
        settle('');
      });
      // What is sent after the server has refused the rest.
      socket.on('error', () => undefined);
      socket.write(Buffer.from(bytes, 'latin1'));
    });
  }
}
